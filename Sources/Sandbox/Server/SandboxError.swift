/// Why a sandbox cannot start or cannot go on.
public struct SandboxError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of trouble.
  public enum Code: String, Sendable {
    /// Another program listens on the port.
    case portInUse = "port-in-use"
    /// The server could not listen for another reason.
    case cannotListen = "cannot-listen"
    /// Another sandbox uses the state directory.
    case stateInUse = "state-in-use"
    /// The state directory cannot be read or written.
    case stateUnusable = "state-unusable"
    /// A fault or answer script is not what it should be.
    case scriptInvalid = "script-invalid"
  }

  /// The kind of trouble.
  public let code: Code
  /// What happened, naming the port, path or line.
  public let sentence: String
  /// What to do next.
  public let hint: String

  /// Creates an error.
  public init(_ code: Code, _ sentence: String, hint: String) {
    self.code = code
    self.sentence = sentence
    self.hint = hint
  }

  /// The sentence and the hint.
  public var description: String { "\(sentence); \(hint)" }
}
