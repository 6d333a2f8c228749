/// Why a record cannot be rendered.
///
/// What was written to the output before is to be thrown away.
public struct RenderError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The template's name, as given when it was compiled; of an included file, its own.
  public let name: String
  /// The line, from 1.
  public let line: Int
  /// The column in characters, from 1.
  public let column: Int
  /// What kind of failure it is, in kebab-case: `undefined-name`, `wrong-type`, `wrong-argument`, `bad-value`,
  /// `limit-exceeded`, `unsupported-operation`, `not-json`.
  public let code: String
  /// What is wrong, as one sentence.
  ///
  /// It never quotes the record's text.
  public let sentence: String
  /// What to do about it, nil when the sentence says it all.
  public let hint: String?

  /// Creates an error.
  public init(
    name: String, line: Int, column: Int, code: String, sentence: String, hint: String? = nil
  ) {
    self.name = name
    self.line = line
    self.column = column
    self.code = code
    self.sentence = sentence
    self.hint = hint
  }

  /// `name:line:column: error[code]: sentence (hint)`.
  public var description: String {
    "\(name):\(line):\(column): error[\(code)]: \(sentence)" + (hint.map { " (\($0))" } ?? "")
  }
}
