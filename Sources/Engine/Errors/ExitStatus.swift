/// How a command ends. The numbers are a contract with cron jobs and scripts.
public enum ExitStatus: Int32, Sendable {
  /// Complete; or advanced, held, or another run has the lock.
  case ok = 0
  /// Finished, but more records were rejected than `max_rejected` allows.
  case tooManyRejected = 1
  /// A person must decide: re-ask limit, unknown submission.
  case decisionNeeded = 2
  /// Wrong flags or arguments.
  case usage = 64
  /// The pipeline or its data is wrong.
  case data = 65
  /// The provider refuses: key, quota, spend limit.
  case refused = 69
  /// A bug; unbalanced counts are one.
  case bug = 70
  /// Something cannot be written: full disk, output, state.
  case cannotWrite = 73
  /// Network or provider trouble, or interrupted: run again.
  case tryAgain = 75
}
