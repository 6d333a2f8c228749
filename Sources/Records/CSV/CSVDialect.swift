/// How a CSV file separates, quotes and ends.
public struct CSVDialect: Hashable, Sendable {
  /// What ends a row.
  public enum LineEnd: String, Sendable {
    case lf = "\n"
    case crlf = "\r\n"
    case cr = "\r"
  }

  /// The byte between fields.
  public var delimiter: UInt8
  /// The byte around fields that hold delimiters, quotes or line ends.
  public var quote: UInt8
  /// What is written after each row.
  ///
  /// When reading, every kind ends a row.
  public var lineEnd: LineEnd
  /// Whether the file begins with the byte order mark of UTF-8.
  public var hasByteOrderMark: Bool

  /// Creates a dialect; that of RFC 4180, with LF, when nothing is said.
  public init(
    delimiter: UInt8 = 0x2C, quote: UInt8 = 0x22, lineEnd: LineEnd = .lf,
    hasByteOrderMark: Bool = false
  ) {
    self.delimiter = delimiter
    self.quote = quote
    self.lineEnd = lineEnd
    self.hasByteOrderMark = hasByteOrderMark
  }

  /// The byte that a user's `delimiter:` or `quote:` means: one ASCII character, or `\t` spelled
  /// out.
  ///
  /// Nil for anything else, line ends and NUL included.
  public static func byte(_ text: String) -> UInt8? {
    if text == "\\t" { return 0x09 }
    guard text.utf8.count == 1, let byte = text.utf8.first, byte < 0x80 else { return nil }
    return byte == 0x0A || byte == 0x0D || byte == 0 ? nil : byte
  }
}
