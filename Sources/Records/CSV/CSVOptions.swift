/// How a CSV source is to be read.
public struct CSVOptions: Sendable {
  /// The byte between fields.
  public var delimiter: UInt8
  /// The byte around fields.
  public var quote: UInt8
  /// How the text is stored.
  public var encoding: TextEncoding
  /// What happens to rows that are too short or too long.
  public var ragged: RaggedPolicy
  /// What the texts of some columns are read as; the others are text.
  public var types: [String: CSVFieldType]

  /// Creates options; comma, double quote, UTF-8 and strict when nothing is said.
  public init(
    delimiter: UInt8 = 0x2C, quote: UInt8 = 0x22, encoding: TextEncoding = .utf8,
    ragged: RaggedPolicy = .error, types: [String: CSVFieldType] = [:]
  ) {
    self.delimiter = delimiter
    self.quote = quote
    self.encoding = encoding
    self.ragged = ragged
    self.types = types
  }
}
