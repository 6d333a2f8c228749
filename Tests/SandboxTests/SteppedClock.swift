import Synchronization

/// A machine's clock that goes on by a second each time somebody looks.
final class SteppedClock: Sendable {
  private let ms = Atomic<Int64>(1_795_000_000_000)

  func next() -> Int64 { ms.add(1000, ordering: .relaxed).newValue }
}
