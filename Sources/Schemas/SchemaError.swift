/// Why a schema cannot be compiled.
public struct SchemaError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of mistake it is.
  public enum Code: String, Sendable, Hashable {
    /// A keyword's value has not the shape that the keyword needs.
    case badKeyword = "bad-keyword"
    /// A schema is neither an object nor a Boolean.
    case notASchema = "not-a-schema"
    /// A reference leads nowhere.
    case unresolvedReference = "unresolved-reference"
    /// A reference would have to be fetched from the network.
    case remoteReference = "remote-reference"
    /// A reference leads back to itself without going down into the value.
    case endlessReference = "endless-reference"
    /// An identifier is given twice.
    case duplicateIdentifier = "duplicate-identifier"
    /// `$schema` names a draft or dialect that is not understood.
    case unknownDialect = "unknown-dialect"
    /// `$vocabulary` requires a vocabulary that is not understood.
    case unknownVocabulary = "unknown-vocabulary"
    /// A `pattern` is not a regular expression of ECMA-262 in Unicode mode.
    case badPattern = "bad-pattern"
    /// A `pattern` uses a construct that is not supported.
    case unsupportedPattern = "unsupported-pattern"
    /// A `format` cannot be decided here though formats are to be asserted.
    case unsupportedFormat = "unsupported-format"
    /// A number is too long for the keyword.
    case unsupportedNumber = "unsupported-number"
    /// The schema is larger than what is compiled.
    case tooLarge = "too-large"
  }

  /// Where: a JSON pointer into the schema after `#`, before it the document's URI unless it is the
  /// schema itself.
  public let schemaPath: String
  /// What kind of mistake it is.
  public let code: Code
  /// What is wrong, in one sentence.
  public let sentence: String
  /// What to do about it, if there is more to say.
  public let hint: String?

  /// Creates an error.
  public init(_ code: Code, at schemaPath: String, _ sentence: String, hint: String? = nil) {
    self.schemaPath = schemaPath
    self.code = code
    self.sentence = sentence
    self.hint = hint
  }

  /// Place, sentence and hint on one line.
  public var description: String {
    "\(schemaPath): \(sentence)" + (hint.map { " (\($0))" } ?? "")
  }
}
