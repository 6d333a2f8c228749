/// One thing that is wrong, or doubtful, in a pipeline file or in a file that it names.
public struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
  /// Whether a run is refused.
  public enum Severity: String, Sendable {
    /// The pipeline cannot run.
    case error
    /// The pipeline runs, but perhaps not as meant.
    case warning
  }

  /// The file, as the user named it (or as the pipeline file leads to it).
  public let file: String
  /// The line, from 1.
  public let line: Int
  /// The column, from 1, counted in Unicode scalars.
  public let column: Int
  /// Whether a run is refused.
  public let severity: Severity
  /// What kind of problem it is: stable, never reused for another.
  public let code: DiagnosticCode
  /// What is wrong, in one sentence.
  public let sentence: String
  /// What to do about it; nil when the sentence already says so.
  public let hint: String?

  /// Creates a diagnostic.
  public init(
    file: String, at place: Place, severity: Severity = .error, code: DiagnosticCode,
    _ sentence: String, hint: String? = nil
  ) {
    self.file = file
    self.line = place.line
    self.column = place.column
    self.severity = severity
    self.code = code
    self.sentence = sentence
    self.hint = hint
  }

  /// `file:line:column: error[code]: sentence`, and on a second line the hint.
  public var description: String {
    let head = "\(file):\(line):\(column): \(severity.rawValue)[\(code.rawValue)]: \(sentence)"
    return hint.map { "\(head)\n  hint: \($0)" } ?? head
  }
}

extension Diagnostic: Comparable {
  /// Orders diagnostics by file, place, code and sentence.
  public static func < (left: Diagnostic, right: Diagnostic) -> Bool {
    if left.file != right.file { return left.file < right.file }
    return (left.line, left.column, left.code.rawValue, left.sentence)
      < (right.line, right.column, right.code.rawValue, right.sentence)
  }
}
