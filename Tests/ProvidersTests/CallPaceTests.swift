import Testing

@testable import Providers

@Suite struct CallPaceTests {
  private func pace(_ calls: Int = 64, perMinute: Int? = nil, tokens: Int? = nil) -> CallPace {
    CallPace(
      CallPace.Caps(calls: calls, callsPerMinute: perMinute, tokensPerMinute: tokens), now: 0)
  }

  /// Begins calls until none may begin; tells how many.
  private func fill(_ pace: inout CallPace, at now: Int64, tokens: Int = 10) -> Int {
    var count = 0
    while count < 1000, pace.turn(now: now, tokens: tokens) == .start {
      pace.began(now: now, tokens: tokens)
      count += 1
    }
    return count
  }

  private func answer(_ pace: inout CallPace, _ count: Int, at now: Int64) {
    for _ in 0..<count { pace.answered(now: now, tokens: 10, used: 10, RateLimits()) }
  }

  @Test func itDoublesWithEveryRoundTripUpToTheCap() {
    var pace = pace()
    var widths: [Int] = []
    for round in 0..<6 {
      let count = fill(&pace, at: Int64(round))
      widths.append(count)
      answer(&pace, count, at: Int64(round))
    }
    #expect(widths == [4, 8, 16, 32, 64, 64])
    #expect(pace.turn(now: 9, tokens: 1) == .start)
  }

  @Test func aRefusalHalvesOnceAndPauses() {
    var pace = pace()
    for round in 0..<4 { answer(&pace, fill(&pace, at: Int64(round)), at: Int64(round)) }
    #expect(fill(&pace, at: 10) == 64)
    // All that were under way are refused: that is one refusal.
    for _ in 0..<64 {
      pace.refused(now: 20, begunAt: 10, tokens: 10, asked: nil, share: 0.5)
    }
    #expect(pace.window == 32 && pace.underWay == 0)
    #expect(pace.turn(now: 20, tokens: 1) == .wait(until: 20 + 250))
    #expect(fill(&pace, at: 270) == 32)
    // From here one more a round trip.
    answer(&pace, 32, at: 300)
    #expect(fill(&pace, at: 301) == 32)
    answer(&pace, 32, at: 310)
    #expect(Int(pace.window) == 33)
  }

  @Test(arguments: [
    (nil, 0.0, 1, Int64(0)), (nil, 1.0, 1, 500), (nil, 1.0, 3, 2000), (nil, 1.0, 12, 30_000),
    (Duration.seconds(7), 0.0, 1, 7000), (.seconds(7), 1.0, 1, 7500), (.seconds(7), 1.0, 9, 7500),
  ])
  func pausesGrowAndTheProvidersWordCounts(
    asked: Duration?, share: Double, refusals: Int, wait: Int64
  ) {
    var pace = pace()
    var now: Int64 = 0
    for refusal in 1...refusals {
      pace.began(now: now, tokens: 1)
      pace.refused(now: now, begunAt: now, tokens: 1, asked: asked, share: share)
      if refusal < refusals { now += 1_000_000 }
    }
    let expected: CallPace.Turn = wait == 0 ? .start : .wait(until: now + wait)
    #expect(pace.turn(now: now, tokens: 1) == expected)
  }

  @Test func callsAMinuteAreEven() {
    var pace = pace(perMinute: 600)
    // A second's worth at once, then one each tenth of a second.
    answer(&pace, fill(&pace, at: 0), at: 0)
    answer(&pace, fill(&pace, at: 0), at: 0)
    #expect(pace.turn(now: 0, tokens: 1) == .wait(until: 100))
    var begun = 0
    for now in stride(from: Int64(0), through: 60_000, by: 10) {
      let count = fill(&pace, at: now)
      answer(&pace, count, at: now)
      begun += count
    }
    #expect((598...601).contains(begun))
  }

  @Test func tokensAMinuteAreGivenBackWhenTheyWereNotUsed() {
    var pace = pace(tokens: 60_000)
    pace.began(now: 0, tokens: 1000)
    #expect(pace.turn(now: 0, tokens: 500) == .wait(until: 500))
    pace.answered(now: 0, tokens: 1000, used: 200, RateLimits())
    #expect(pace.turn(now: 0, tokens: 500) == .start)
    // One request above a second's worth may go when the bucket is full, and is owed.
    pace.began(now: 10_000, tokens: 5000)
    #expect(pace.turn(now: 10_000, tokens: 1) == .wait(until: 14_001))
  }

  @Test func whatTheHeadersLeaveIsKept() {
    var limits = RateLimits()
    limits.requests = RateLimits.Room(remaining: 3, reset: .seconds(60))
    var pace = pace()
    pace.began(now: 0, tokens: 10)
    pace.answered(now: 0, tokens: 10, used: 10, limits)
    #expect(fill(&pace, at: 1) == 3)
    #expect(pace.turn(now: 1, tokens: 10) == .full)
    pace.failed(tokens: 10)
    pace.failed(tokens: 10)
    pace.failed(tokens: 10)
    #expect(pace.turn(now: 1, tokens: 10) == .wait(until: 60_000))
    #expect(pace.turn(now: 60_000, tokens: 10) == .start)
  }

  @Test(arguments: [
    ("1s", 1000), ("6m0s", 360_000), ("120ms", 120), ("1h2m3.5s", 3_723_500), ("0s", 0),
    ("", nil), ("soon", nil), ("12", 12_000), ("2026-11-20T00:00:00Z", nil),
  ])
  func durations(text: String, milliseconds: Int?) {
    #expect(RateLimits.duration(text) == milliseconds.map { .milliseconds($0) })
  }

  @Test func headersOfBothKinds() {
    func limits(_ headers: [String: String]) -> RateLimits {
      RateLimits(
        HTTPResponse(
          status: 200, headers: headers.map { ($0.key, $0.value) }, body: [], bodyByteCount: 0))
    }
    let anthropic = limits([
      "date": "Fri, 20 Nov 2026 10:00:00 GMT", "anthropic-ratelimit-requests-remaining": "12",
      "anthropic-ratelimit-requests-reset": "2026-11-20T10:00:30Z",
      "anthropic-ratelimit-input-tokens-remaining": "900",
      "anthropic-ratelimit-input-tokens-reset": "2026-11-20T10:00:05Z",
      "anthropic-ratelimit-output-tokens-remaining": "100",
      "anthropic-ratelimit-output-tokens-reset": "2026-11-20T10:00:10Z",
    ])
    #expect(anthropic.requests == RateLimits.Room(remaining: 12, reset: .seconds(30)))
    #expect(anthropic.tokens == RateLimits.Room(remaining: 100, reset: .seconds(10)))
    let openAI = limits([
      "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s",
    ])
    #expect(openAI.requests == RateLimits.Room(remaining: 0, reset: .seconds(360)))
    #expect(openAI.tokens == nil)
    let other = limits([
      "x-ratelimit-remaining-requests": "9", "x-ratelimit-reset-requests": "1700000000",
      "x-ratelimit-remaining-tokens": "17", "x-ratelimit-reset-tokens": "7.66",
    ])
    #expect(other.tokens == RateLimits.Room(remaining: 17, reset: .milliseconds(7660)))
    // A point in time on a clock that is not known.
    #expect(other.requests == nil)
    #expect(limits([:]) == RateLimits())
  }
}
