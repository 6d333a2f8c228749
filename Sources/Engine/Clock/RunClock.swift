public import Providers
internal import Synchronization

/// The time a run lives in: the machine's, or a sandbox's. Instants are UTC milliseconds.
///
/// Against a sandbox the run's clock is the sandbox's: to sleep until a time, the run asks it to advance to that time, so
/// that a day passes in seconds. The sandbox keeps its time, so a killed run goes on in the same night.
public final class RunClock: Clock, Sendable {
  /// A moment.
  public struct Instant: InstantProtocol {
    /// UTC milliseconds.
    public var milliseconds: Int64

    /// Creates a moment.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// A moment later (or earlier).
    public func advanced(by duration: Duration) -> Instant {
      Instant(milliseconds: milliseconds + duration.milliseconds)
    }

    /// How long it is until another moment.
    public func duration(to other: Instant) -> Duration {
      .milliseconds(other.milliseconds - milliseconds)
    }

    /// Orders by time.
    public static func < (left: Instant, right: Instant) -> Bool {
      left.milliseconds < right.milliseconds
    }
  }

  private enum Source: Sendable {
    case machine(@Sendable () -> Int64)
    case virtual(SandboxClock)
  }

  private let source: Source
  /// The latest time a sandbox told.
  private let told: Mutex<Int64>

  /// The machine's clock.
  public init(machine now: @escaping @Sendable () -> Int64) {
    source = .machine(now)
    told = Mutex(0)
  }

  /// A sandbox's virtual clock, that shows `now`.
  public init(virtual clock: SandboxClock, now: Int64) {
    source = .virtual(clock)
    told = Mutex(now)
  }

  /// Whether it is a sandbox's, and stands still until it is moved.
  public var isVirtual: Bool {
    if case .virtual = source { true } else { false }
  }

  /// The present; of a sandbox, as it was last told.
  public var now: Instant {
    switch source {
    case .machine(let now): Instant(milliseconds: now())
    case .virtual: Instant(milliseconds: told.withLock { $0 })
    }
  }

  /// The present in UTC milliseconds.
  public var milliseconds: Int64 { now.milliseconds }

  /// A millisecond.
  public var minimumResolution: Duration { .milliseconds(1) }

  /// Waits until a moment, never longer than that was away. Real time is slept in steps of at most a minute, so that a
  /// machine that was suspended or whose clock was set, forward or back, does not oversleep.
  ///
  /// - Throws: `CancellationError` when the task is canceled; of a sandbox, `ProviderError` when it is gone.
  public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
    switch source {
    case .machine:
      let begun = ContinuousClock.now
      let planned = now.duration(to: deadline)
      while deadline > now, begun.duration(to: .now) < planned {
        try await Task.sleep(for: min(now.duration(to: deadline), .seconds(60)))
      }
    case .virtual(let clock):
      try Task.checkCancellation()
      let reading = try await clock.advance(to: deadline.milliseconds)
      hear(reading.now)
    }
  }

  /// Takes note of the time that a sandbox's answer told.
  public func hear(_ time: Int64?) {
    guard let time else { return }
    told.withLock { $0 = max($0, time) }
  }
}

extension Duration {
  /// Whole milliseconds.
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1000 + attoseconds / 1_000_000_000_000_000
  }
}
