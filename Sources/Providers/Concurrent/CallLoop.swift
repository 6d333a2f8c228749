internal import Records

/// Makes calls until there are no more. Used by one thread.
final class CallLoop {
  /// Lines that wait this long are handed over, in milliseconds.
  private static let groupAge: Int64 = 40
  private static let groupByteCount = 1 << 20
  private static let unsettledLimit = 8 << 20
  /// The longest wait before it is looked whether something else is wanted, in milliseconds.
  private static let look: Int64 = 20

  /// A call on its way.
  private struct Trial {
    let call: ConcurrentCall
    var attempt = 1
    var begunAt: Int64 = 0
    /// Not to be made before.
    var dueAt: Int64 = .min
  }

  private let api: any MessageProvider
  private let terms: ConcurrentCalls.Terms
  private let outlet: ConcurrentCalls
  private let source: CallSource
  private let calls: HTTPCalls?
  private var pace: CallPace
  private var underWay: [Int: Trial] = [:]
  private var nextNumber = 0
  /// Calls that are made again, soonest first.
  private var again: [Trial] = []
  /// A call that was read and could not begin yet.
  private var ahead: Trial?
  private var isExhausted = false
  private var rows = ByteBuffer(capacity: 1 << 16)
  /// So much of them is kept.
  private var keptByteCount = 0
  private var firstRowAt: Int64 = 0
  private var tape = JSONTape()
  private var ending = ConcurrentCalls.Ending()
  private var isEnding = false
  /// When the last call succeeded; before, when the first began.
  private var succeededAt: Int64 = 0
  private var lastOverload: ProviderError?
  private let begun = ContinuousClock.now
  private var skipped: Int64 = 0

  init(
    _ api: any MessageProvider, _ terms: ConcurrentCalls.Terms, _ outlet: ConcurrentCalls,
    _ source: CallSource
  ) {
    self.api = api
    self.terms = terms
    self.outlet = outlet
    self.source = source
    calls = HTTPCalls(connections: terms.caps.calls)
    pace = CallPace(terms.caps, now: 0)
  }

  /// Milliseconds since the beginning, and what was skipped.
  private var now: Int64 { begun.duration(to: .now).inMilliseconds + skipped }

  /// Makes all calls, and tells the end.
  func run() {
    guard let calls else {
      let failure = HTTPFailure(phase: .notSent, reason: .other(code: 2), origin: "the calls")
      ending.error = ProviderError(.message, .connection(failure))
      outlet.put(.end(ending))
      return
    }
    var stopAt: ContinuousClock.Instant?
    while true {
      let signs = outlet.signs
      skipped = signs.skipped.inMilliseconds
      if signs.isStopped { isEnding = true }
      var next = now + Self.look
      if !isEnding, signs.unsettledByteCount < Self.unsettledLimit {
        next = begin(on: calls)
      }
      let finished = calls.advance(waiting: Int(max(0, min(next - now, Self.look))))
      for call in finished { take(call) }
      keep()
      handOverDue()
      if isEnding {
        let limit = stopAt ?? .now + terms.grace
        stopAt = limit
        if calls.count == 0 || .now > limit { break }
      } else if calls.count == 0, isExhausted, again.isEmpty, ahead == nil {
        break
      } else if terms.isClockVirtual, finished.isEmpty, calls.count == 0, next > now + Self.look {
        idle(until: next)
      }
    }
    for call in calls.breakOff() { count(call) }
    keep()
    handOver()
    outlet.put(.end(ending))
  }

  /// Begins calls as long as the pace allows.
  ///
  /// - Returns: When the next one may begin; far away when that depends on those under way.
  private func begin(on calls: HTTPCalls) -> Int64 {
    while let trial = upcoming() {
      let now = now
      if trial.dueAt > now {
        giveBack(trial)
        return trial.dueAt
      }
      switch pace.turn(now: now, tokens: trial.call.tokens) {
      case .start: begin(trial, at: now, on: calls)
      case .wait(let time):
        giveBack(trial)
        return time
      case .full:
        giveBack(trial)
        return now + 60_000
      }
      if isEnding { break }
    }
    return now + 60_000
  }

  private func begin(_ trial: Trial, at now: Int64, on calls: HTTPCalls) {
    var trial = trial
    trial.begunAt = now
    if nextNumber == 0 { succeededAt = now }
    pace.began(now: now, tokens: trial.call.tokens)
    underWay[nextNumber] = trial
    calls.start(api.request(trial.call), as: nextNumber)
    nextNumber += 1
  }

  /// The next call: one that is made again when its time has come, else a new one.
  private func upcoming() -> Trial? {
    if let first = again.first, first.dueAt <= now { return again.removeFirst() }
    if let ahead {
      self.ahead = nil
      return ahead
    }
    if !isExhausted {
      do {
        if let call = try source.next() { return Trial(call: call) }
        isExhausted = true
      } catch {
        isExhausted = true
        isEnding = true
        ending.localError = error
        return nil
      }
    }
    return again.isEmpty ? nil : again.removeFirst()
  }

  private func giveBack(_ trial: Trial) {
    if trial.dueAt > .min { repeatLater(trial) } else { ahead = trial }
  }

  private func repeatLater(_ trial: Trial) {
    let place = again.firstIndex { $0.dueAt > trial.dueAt } ?? again.endIndex
    again.insert(trial, at: place)
  }

  /// Takes what came of a call.
  private func take(_ finished: HTTPCalls.Finished) {
    guard let trial = underWay.removeValue(forKey: finished.number) else { return }
    if rows.count == 0 { firstRowAt = now }
    do throws(ProviderError) {
      let answer: HTTPResponse
      switch finished.result {
      case .success(let response): answer = response
      case .failure(let failure): throw ProviderError(.message, .connection(failure))
      }
      let used = try api.append(answer, to: trial.call, using: &tape, rows: &rows)
      if let time = ServerFacts(answer).sandboxNow { ending.sandboxNow = time }
      succeededAt = now
      pace.answered(now: now, tokens: trial.call.tokens, used: used, RateLimits(answer))
    } catch {
      failed(trial, error)
    }
  }

  private func failed(_ trial: Trial, _ error: ProviderError) {
    if error.isDoubtful { ending.doubtful += 1 }
    let fate = CallFate(error, attempt: trial.attempt)
    if fate == .slowDown {
      pace.refused(
        now: now, begunAt: trial.begunAt, tokens: trial.call.tokens, asked: error.retryAfter,
        share: .random(in: 0...1))
    } else {
      pace.failed(tokens: trial.call.tokens)
    }
    let isGivenUp = now - succeededAt > terms.patience.inMilliseconds
    switch fate {
    case .slowDown where !isGivenUp:
      var trial = trial
      trial.dueAt = now
      repeatLater(trial)
    case .again where !isGivenUp:
      var trial = trial
      let bound = Int64(500) << min(trial.attempt - 1, 5)
      trial.dueAt = now + Int64(Double(bound) * .random(in: 0...1))
      trial.attempt += 1
      repeatLater(trial)
    case .row: api.append(error, to: trial.call, rows: &rows)
    case .slowDown, .again, .end:
      ending.error = ending.error ?? error
      isEnding = true
    }
  }

  /// Counts a call that was broken off.
  private func count(_ finished: HTTPCalls.Finished) {
    guard case .failure(let failure) = finished.result else { return }
    if failure.phase != .notSent { ending.doubtful += 1 }
  }

  /// Has the newest lines kept; those that cannot be are lost.
  private func keep() {
    guard rows.count > keptByteCount else { return }
    do {
      try source.keep(UnsafeBufferPointer(rebasing: rows.bytes[keptByteCount...]))
      keptByteCount = rows.count
    } catch {
      rows.truncate(to: keptByteCount)
      ending.localError = ending.localError ?? error
      isEnding = true
    }
  }

  /// Hands lines over that have waited long enough, or are many.
  private func handOverDue() {
    if now - firstRowAt >= Self.groupAge || rows.count >= Self.groupByteCount { handOver() }
  }

  private func handOver() {
    guard rows.count > 0 else { return }
    outlet.put(.rows(Array(rows.bytes)))
    rows.removeAll()
    keptByteCount = 0
  }

  /// Waits until somebody says that the time has passed.
  private func idle(until time: Int64) {
    handOver()
    let before = skipped
    outlet.put(.idle(.milliseconds(time - now)))
    while !outlet.signs.isStopped, outlet.signs.skipped.inMilliseconds == before {
      _ = calls?.advance(waiting: 2)
    }
  }
}
