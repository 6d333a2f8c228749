/// Where checks put what they find.
struct DiagnosticList {
  /// The file that places are in, as the user named it.
  let file: String
  /// What was found so far, in the order of finding.
  private(set) var found: [Diagnostic] = []

  init(file: String) {
    self.file = file
  }

  /// Whether an error was found.
  var hasErrors: Bool { found.contains { $0.severity == .error } }
  /// The number of errors found so far.
  var errorCount: Int { found.count { $0.severity == .error } }

  /// Adds what another list has.
  mutating func add(_ other: DiagnosticList) { found += other.found }

  /// Adds an error.
  mutating func error(
    _ code: DiagnosticCode, at place: Place, in other: String? = nil, _ sentence: String,
    hint: String? = nil
  ) {
    found.append(Diagnostic(file: other ?? file, at: place, code: code, sentence, hint: hint))
  }

  /// Adds a warning.
  mutating func warning(
    _ code: DiagnosticCode, at place: Place, in other: String? = nil, _ sentence: String,
    hint: String? = nil
  ) {
    found.append(
      Diagnostic(
        file: other ?? file, at: place, severity: .warning, code: code, sentence, hint: hint))
  }
}
