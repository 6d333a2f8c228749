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

  /// Opens what is closed of standard input, output and error, so that no file of the program gets their number: what
  /// is said would go into it.
  static func openClosedStreams() {
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is this one. A machine without /dev/null has no closed streams either.
      _ = open("/dev/null", O_RDWR)
    }
  }

  /// Writes data to standard output; where that cannot be written, the program ends with 73.
  static func data(_ text: String) {
    guard let problem = write(text, to: STDOUT_FILENO) else { return }
    fail(
      "standard output cannot be written: \(problem)",
      hint: "nothing was changed by that; free some space, or write it elsewhere")
    end(with: .cannotWrite)
  }

  /// Writes a line of data to standard output.
  static func line(_ text: String) { data(text + "\n") }

  /// Writes a line for people to standard error.
  static func note(_ text: String) { raw(text + "\n") }

  /// Writes to standard error as it is. Where nobody can be told, the work goes on.
  static func raw(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// The number of columns of the terminal behind standard error; nil when that is not known.
  static var width: Int? {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// A line that takes no more than so many columns; escape sequences take none.
  static func clipped(_ line: String, to width: Int) -> String {
    var (shown, count, isEscape) = ("", 0, false)
    for character in line {
      if character == "\u{1B}" { isEscape = true }
      if isEscape {
        shown.append(character)
        if character.isLetter { isEscape = false }
        continue
      }
      count += 1
      if count < width {
        shown.append(character)
      } else if count == width {
        shown.append("…")
      }
    }
    return shown
  }

  /// Writes everything; the system's words when it cannot.
  private static func write(_ text: String, to descriptor: Int32) -> String? {
    var text = text
    return text.withUTF8 { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let chunk = UnsafeBufferPointer(rebasing: rest)
        let written = Foundation.write(descriptor, chunk.baseAddress, chunk.count)
        if written < 0, errno == EINTR { continue }
        if written < 0, errno == EAGAIN {
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&waiting, 1, -1)
          continue
        }
        guard written > 0 else { return String(cString: strerror(errno)) }
        rest = rest.dropFirst(written)
      }
      return nil
    }
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
    raw("\(question) [y/N] ")
    return readLine()?.lowercased().hasPrefix("y") ?? false
  }
}
