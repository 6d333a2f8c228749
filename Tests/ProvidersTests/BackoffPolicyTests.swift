import Synchronization
import Testing

@testable import Providers

struct BackoffPolicyTests {
  /// Numbers that are always the same share of the whole range.
  struct Constant: RandomNumberGenerator {
    var value: UInt64
    mutating func next() -> UInt64 { value }
  }

  /// A clock that is moved by who sleeps on it.
  final class ManualClock: Clock, Sendable {
    struct Instant: InstantProtocol {
      var offset: Swift.Duration
      func advanced(by duration: Swift.Duration) -> Instant { Instant(offset: offset + duration) }
      func duration(to other: Instant) -> Swift.Duration { other.offset - offset }
      static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let offset = Mutex(Swift.Duration.zero)
    let minimumResolution = Swift.Duration.zero
    var now: Instant { Instant(offset: offset.withLock { $0 }) }
    func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
      try Task.checkCancellation()
      offset.withLock { $0 = max($0, deadline.offset) }
    }
  }

  private func overloaded(after: Duration? = nil, _ operation: ProviderError.Operation = .list)
    -> ProviderError
  {
    var error = ProviderError(operation, .status(529))
    error.type = "overloaded_error"
    error.retryAfter = after
    return error
  }

  @Test func waitsDoubleUpToTheCap() {
    let policy = BackoffPolicy(base: .seconds(1), cap: .seconds(6), attempts: 6)
    var top = Constant(value: .max)
    let waits = (1...6).map { policy.wait(after: overloaded(), attempt: $0, random: &top) }
    #expect(waits[5] == nil)
    for (wait, bound) in zip(waits, [1.0, 2, 4, 6, 6]) {
      #expect(wait.map { $0 > .seconds(bound * 0.99) && $0 <= .seconds(bound) } == true)
    }
    var bottom = Constant(value: 0)
    #expect(policy.wait(after: overloaded(), attempt: 3, random: &bottom) == .zero)
  }

  @Test func theProvidersWishIsTheLeast() {
    let policy = BackoffPolicy(base: .seconds(1), cap: .seconds(6), retryAfterLimit: .seconds(60))
    var bottom = Constant(value: 0)
    #expect(
      policy.wait(after: overloaded(after: .seconds(20)), attempt: 1, random: &bottom)
        == .seconds(20))
    var top = Constant(value: .max)
    let late = policy.wait(after: overloaded(after: .seconds(20)), attempt: 5, random: &top)
    #expect(late.map { $0 > .seconds(20) && $0 <= .seconds(21) } == true)
    #expect(policy.wait(after: overloaded(after: .seconds(61)), attempt: 1, random: &top) == nil)
  }

  @Test func callsAreMadeAgainUntilTheySucceed() async throws {
    let clock = ManualClock()
    var random = Constant(value: .max / 2)
    var calls = 0
    let error = overloaded()
    let value = try await BackoffPolicy().run(on: clock, random: &random) {
      () throws(ProviderError) -> Int in
      calls += 1
      if calls < 4 { throw error }
      return calls
    }
    #expect(value == 4)
    #expect(clock.now.offset > .milliseconds(1700))
  }

  @Test func someErrorsAreNotTriedAgain() async {
    var ambiguous = ProviderError(.create, .status(500))
    ambiguous.type = "api_error"
    for error in [
      ProviderError(.list, .status(400)), ProviderError(.list, .status(401)), ambiguous,
    ] {
      var calls = 0
      var random = Constant(value: 1)
      await #expect(throws: error) {
        try await BackoffPolicy().run(on: ManualClock(), random: &random) {
          () throws(ProviderError) -> Int in
          calls += 1
          throw error
        }
      }
      #expect(calls == 1)
    }
  }

  @Test func attemptsAndTimeAreBounded() async {
    let error = overloaded()
    var random = Constant(value: .max)
    var calls = 0
    await #expect(throws: error) {
      try await BackoffPolicy(attempts: 3).run(on: ManualClock(), random: &random) {
        () throws(ProviderError) -> Int in
        calls += 1
        throw error
      }
    }
    #expect(calls == 3)
    calls = 0
    let clock = ManualClock()
    let bounded = BackoffPolicy(
      base: .seconds(10), cap: .seconds(10), attempts: 100, total: .seconds(60))
    await #expect(throws: error) {
      try await bounded.run(on: clock, random: &random) { () throws(ProviderError) -> Int in
        calls += 1
        throw error
      }
    }
    #expect(calls == 7)
    #expect(clock.now.offset <= .seconds(60))
  }
}
