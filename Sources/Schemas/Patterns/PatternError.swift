/// Why a regular expression cannot be compiled.
struct PatternError: Error {
  /// What follows the pattern in a sentence.
  let sentence: String
  var hint: String?
  /// Whether the expression is right but more than what is supported.
  var isUnsupported = false
}
