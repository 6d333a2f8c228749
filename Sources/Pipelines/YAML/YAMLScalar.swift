public import Records

/// The text of a YAML scalar and the way it was written.
public struct YAMLScalar: Hashable, Sendable {
  /// How a scalar was written.
  public enum Style: Sendable {
    case plain, singleQuoted, doubleQuoted
    /// A block after `|`: lines are kept.
    case literal
    /// A block after `>`: lines are joined.
    case folded
  }

  /// The text, escapes resolved and lines folded.
  public let text: String
  /// How it was written.
  public let style: Style
  /// Whether it can only be text: quoted, a block, or tagged `!!str`.
  public let isText: Bool

  /// Creates a scalar.
  public init(_ text: String, style: Style, isText: Bool) {
    self.text = text
    self.style = style
    self.isText = isText
  }

  /// Whether there is no value: nothing written, `~` or `null`.
  public var isNull: Bool {
    !isText && ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// `true` or `false` in the spellings of YAML 1.2; nil for everything else, `yes` and `on`
  /// included.
  public var bool: Bool? {
    guard !isText else { return nil }
    return switch text {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  /// A decimal integer; nil for everything else: `010`, `1_000`, `0x10` and `1e3` are not read as
  /// one.
  public var int: Int? {
    guard !isText, Self.isJSONNumber(text), !text.contains(where: { ".eE".contains($0) }) else {
      return nil
    }
    return Int(text)
  }

  /// The value as JSON, where any value may stand: null, a Boolean, a number exactly where the text
  /// is a JSON number (which keeps its text), else a string. `010`, `yes`, `.5` and dates are
  /// strings.
  public var json: JSONValue {
    if isNull { return .null }
    if let bool { return .bool(bool) }
    return !isText && Self.isJSONNumber(text) ? .number(text) : .string(text)
  }

  /// The text cut to what fits in a sentence.
  var shownText: String {
    let line = text.split(separator: "\n", omittingEmptySubsequences: false).first ?? ""
    return line.count > 40 || line.count < text.count ? "\(line.prefix(40))…" : String(line)
  }

  private static func isJSONNumber(_ text: String) -> Bool {
    guard let first = text.utf8.first, first == 0x2D || (0x30...0x39).contains(first) else {
      return false
    }
    // Not JSON at all is the one way to fail here, and it means "no number".
    return (try? JSONValue(parsing: text)) != nil
  }
}
