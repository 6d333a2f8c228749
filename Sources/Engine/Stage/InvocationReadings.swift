internal import Synchronization

/// What one invocation of a run has read: a source is read once, and not again while the run waits, whatever happens to
/// it meanwhile; the merge then says what changed.
final class InvocationReadings: Sendable {
  /// One complete reading of a stage's source, or the finding that none was needed.
  struct Reading: Sendable {
    /// What it was of.
    var stamp: String
    /// How many accepted answers were not asked for again because that was not allowed.
    var withheld: Reask
  }

  private let readings = Mutex<[String: Reading]>([:])

  /// What was read of a stage; nil when nothing was yet.
  func reading(of stage: String) -> Reading? { readings.withLock { $0[stage] } }

  /// Remembers a reading.
  func note(_ stage: String, stamp: String, withheld: Reask) {
    readings.withLock { $0[stage] = Reading(stamp: stamp, withheld: withheld) }
  }
}
