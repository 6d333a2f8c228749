/// What the value of a key may be.
public indirect enum FieldType: Sendable {
  /// Text: any scalar, by its text as written.
  case text(TextShape)
  /// A decimal integer in a range.
  case integer(ClosedRange<Int>)
  /// A number of bytes: `64MB`, `256MiB`, `1000000`.
  case byteCount(ClosedRange<Int>)
  /// A price or another number that is not negative, such as `1.25`.
  case decimal
  /// US dollars, such as `0.01` or `$0.01`.
  case dollars
  /// A share of the records (`1%`, `0.01`) or a number of them (`100`).
  case recordLimit
  /// A share from 0 to 1: `75%`, `0.75`.
  case share
  /// A time such as `30s`, `10m`, `2h` or `1d`; `0` for none.
  case duration
  /// `true` or `false`.
  case boolean
  /// One of several words.
  case choice([Choice])
  /// A mapping with known keys.
  case section(SectionSpec)
  /// A mapping whose keys the user chooses.
  case map(keys: String, values: FieldType)
  /// Any value, taken as JSON.
  case json
  /// A mapping of any keys and values, taken as JSON.
  case object
  /// A list, or one value that stands for a list of one.
  case list(FieldType)
  /// A value on its own, or a mapping that says more.
  case either(FieldType, SectionSpec)

  /// One of the words of a choice.
  public struct Choice: Sendable {
    /// The word.
    public let name: String
    /// What it means, in one sentence.
    public let doc: String

    /// Creates a choice.
    public init(_ name: String, _ doc: String) {
      self.name = name
      self.doc = doc
    }
  }

  /// What a text is used as.
  public enum TextShape: String, Sendable {
    /// Words of any kind.
    case words
    /// A name: letters, digits and a few marks.
    case name
    /// A path, relative to the folder of the pipeline file.
    case path
    /// An address that begins with `http://` or `https://`.
    case url = "URL"
    /// A template (`{{ }}`, `{% %}`).
    case template
    /// An expression, without `{{ }}`.
    case expression
    /// The name of an environment variable.
    case environmentVariable
    /// One character, or `tab`.
    case character
  }

  /// The same type where nothing is required.
  var relaxed: FieldType {
    if case .section(let section) = self { .section(section.relaxed) } else { self }
  }

  /// What a person would call it.
  var noun: String {
    switch self {
    case .text(.path): "a path"
    case .text(.character): "one character"
    case .text(.words): "text"
    case .text(.expression): "an expression"
    case .text(.environmentVariable): "the name of an environment variable"
    case .text(let shape): "a \(shape.rawValue)"
    case .integer(let range): Self.noun(of: range, "an integer")
    case .byteCount: "a number of bytes such as 64MB"
    case .decimal: "a number such as 1.25"
    case .dollars: "US dollars such as 0.01"
    case .recordLimit: "a share such as 1% or a number of records such as 100"
    case .share: "a share such as 75%"
    case .duration: "a time such as 30s, 10m, 2h or 1d"
    case .boolean: "true or false"
    case .choice(let choices): choices.map(\.name).joined(separator: " | ")
    case .section, .object: "a mapping"
    case .map(let keys, _): "a mapping of \(keys)"
    case .json: "any value"
    case .list(let type): "\(type.noun), or a list of such"
    case .either(let type, let section):
      "\(type.noun), or {\(section.fields.map(\.name).joined(separator: ", "))}"
    }
  }

  private static func noun(of range: ClosedRange<Int>, _ what: String) -> String {
    range.upperBound == .max
      ? "\(what) of at least \(range.lowerBound)"
      : "\(what) from \(range.lowerBound) to \(range.upperBound)"
  }
}
