#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Synchronization

/// The time the sandbox lives in.
///
/// Never goes back.
final class SandboxClock: Sendable {
  private struct Reading {
    /// The sandbox's time when the machine's clock said `wallMs`.
    var ms: Int64
    var wallMs: Int64
  }

  let mode: SandboxConfiguration.Clock
  private let wall: @Sendable () -> Int64
  private let reading: Mutex<Reading>

  /// Starts at `startMs`; a wall clock starts at the machine's time unless that lies before
  /// `startMs`.
  init(_ mode: SandboxConfiguration.Clock, startMs: Int64, wall: @escaping @Sendable () -> Int64) {
    self.mode = mode
    self.wall = wall
    let now = wall()
    let start = mode == .wall ? max(now, startMs) : startMs
    reading = Mutex(Reading(ms: start, wallMs: now))
  }

  /// The sandbox's time in UTC milliseconds.
  var nowMs: Int64 {
    reading.withLock { reading in
      let speed = self.speed
      guard speed > 0 else { return reading.ms }
      let now = wall()
      if now > reading.wallMs {
        reading.ms += Int64(Double(now - reading.wallMs) * speed)
        reading.wallMs = now
      }
      return reading.ms
    }
  }

  /// Whether clients may move the time.
  var isVirtual: Bool { mode != .wall }

  /// Moves a virtual time forward; a time that has passed changes nothing.
  ///
  /// Returns the time after it.
  func advance(to ms: Int64) -> Int64 {
    precondition(isVirtual, "the machine's time is not moved")
    let now = nowMs
    return reading.withLock { reading in
      reading.ms = max(now, reading.ms, ms)
      return reading.ms
    }
  }

  private var speed: Double {
    switch mode {
    case .wall: 1
    case .virtual(let speed): speed
    }
  }

  /// The machine's time in UTC milliseconds.
  static func systemMs() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
  }
}
