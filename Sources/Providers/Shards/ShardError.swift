/// Why requests could not be written to a shard file.
public struct ShardError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was being done.
  public enum Step: String, Hashable, Sendable {
    case create, write, sync
  }

  /// What was being done.
  public let step: Step
  /// The file.
  public let path: String
  /// The system's reason.
  public let reason: SystemError

  /// Creates an error.
  public init(_ step: Step, path: String, reason: SystemError) {
    self.step = step
    self.path = path
    self.reason = reason
  }

  /// Whether the disk or the quota is used up.
  public var isDiskFull: Bool { reason.isDiskFull }

  /// One sentence.
  public var description: String { "\(path) cannot be written: \(reason)" }

  /// What to do next.
  public var hint: String {
    isDiskFull
      ? "make room on the disk, then run again" : "check the permissions of the state folder"
  }
}
