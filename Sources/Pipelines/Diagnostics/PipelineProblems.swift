/// Why a pipeline cannot run: everything that is wrong with it, at once.
public struct PipelineProblems: Error, Sendable, CustomStringConvertible {
  /// The errors, and the warnings seen beside them, in the order of the file. At least one is an
  /// error.
  public let diagnostics: [Diagnostic]

  /// Creates the error from diagnostics in any order; those that are equal are kept once.
  ///
  /// - Precondition: At least one of them is an error.
  public init(_ diagnostics: [Diagnostic]) {
    precondition(
      diagnostics.contains { $0.severity == .error }, "a pipeline without an error is not refused")
    self.diagnostics = Array(Set(diagnostics)).sorted()
  }

  /// The number of errors.
  public var errorCount: Int { diagnostics.count { $0.severity == .error } }

  /// All diagnostics, one after the other.
  public var description: String {
    diagnostics.map(\.description).joined(separator: "\n")
  }
}
