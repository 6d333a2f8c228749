internal import Engine
internal import Foundation

/// The terminal: data goes to standard output, words for people to standard error.
enum Console {
  /// Whether standard error is a terminal that understands cursor movements.
  static let isLive: Bool =
    isatty(2) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Whether colour is wanted: a terminal, and no `NO_COLOR` (no-color.org).
  static let hasColour: Bool =
    isLive && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

  /// A closed pipe ends the program quietly, as it does other tools.
  static func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_DFL)
  }

  /// Writes data to standard output.
  static func data(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
  }

  /// Writes a line of data to standard output.
  static func line(_ text: String) { data(text + "\n") }

  /// Writes a line for people to standard error.
  static func note(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  /// Writes an error with its next step.
  static func fail(_ sentence: String, hint: String?) {
    // Diagnostics say "error" themselves.
    let isDiagnostic = sentence.contains(": error[") || sentence.contains(": warning[")
    note(isDiagnostic ? sentence : "\(bold("error:")) \(sentence)")
    if let hint { note("  hint: \(hint)") }
  }

  /// Ends the program.
  static func end(with status: ExitStatus) -> Never { exit(status.rawValue) }

  /// Bold text where colour is wanted.
  static func bold(_ text: String) -> String { styled(text, "1") }
  /// Dim text where colour is wanted.
  static func dim(_ text: String) -> String { styled(text, "2") }
  /// Green text where colour is wanted.
  static func green(_ text: String) -> String { styled(text, "32") }
  /// Yellow text where colour is wanted.
  static func yellow(_ text: String) -> String { styled(text, "33") }

  private static func styled(_ text: String, _ code: String) -> String {
    hasColour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  /// Asks a question that is answered with y or n; nil when nobody is there to ask.
  static func ask(_ question: String) -> Bool? {
    guard isatty(0) == 1, isatty(2) == 1 else { return nil }
    FileHandle.standardError.write(Data("\(question) [y/N] ".utf8))
    return readLine()?.lowercased().hasPrefix("y") ?? false
  }
}
