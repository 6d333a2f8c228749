/// Decides how many calls may be under way, and when the next may begin: a pure value, without a clock of its own.
///
/// It begins with few calls at a time. Each answer allows another one, so their number doubles with every round trip, until
/// the provider says that it is too many: then it is halved, calls pause for as long as the provider asks (or for a random
/// part of a time that doubles from pause to pause), and from there it grows by one a round trip. What the provider's
/// headers say is left, and the caps of the pipeline, are kept in any case. Times are milliseconds of any one clock.
public struct CallPace: Sendable {
  /// What never to go beyond.
  public struct Caps: Hashable, Sendable {
    /// Calls under way at one time.
    public var calls: Int
    /// Calls a minute; nil when that is not limited.
    public var callsPerMinute: Int?
    /// Tokens a minute, input and output; nil when that is not limited.
    public var tokensPerMinute: Int?

    /// Creates caps.
    public init(calls: Int, callsPerMinute: Int? = nil, tokensPerMinute: Int? = nil) {
      self.calls = max(1, calls)
      self.callsPerMinute = callsPerMinute
      self.tokensPerMinute = tokensPerMinute
    }
  }

  /// What may be done now.
  public enum Turn: Hashable, Sendable {
    /// The next call may begin.
    case start
    /// Not before this time.
    case wait(until: Int64)
    /// Not before one of those under way has ended.
    case full
  }

  private static let first = 4.0
  private static let pauseBase: Int64 = 500
  private static let pauseCap: Int64 = 30_000

  private let caps: Caps
  /// How many calls may be under way.
  public private(set) var window: Double
  /// How many are.
  public private(set) var underWay = 0
  private var isGrowingFast = true
  private var pausedUntil: Int64 = .min
  /// Pauses since the last answer.
  private var pauses = 0
  /// The window is cut once for all the calls that were under way when it was too wide.
  private var cutAt: Int64 = .min
  private var calls: Bucket?
  private var tokens: Bucket?
  private var tokensUnderWay = 0
  private var callsLeft: Allowance?
  private var tokensLeft: Allowance?

  /// What the provider's last answer left.
  private struct Allowance {
    var remaining: Int
    var until: Int64
  }

  /// Prepares to make calls from a time on.
  public init(_ caps: Caps, now: Int64) {
    self.caps = caps
    window = min(Self.first, Double(caps.calls))
    calls = caps.callsPerMinute.map { Bucket(perMinute: $0, now: now) }
    tokens = caps.tokensPerMinute.map { Bucket(perMinute: $0, now: now) }
  }

  /// Whether a call of about so many tokens may begin.
  public mutating func turn(now: Int64, tokens count: Int) -> Turn {
    if pausedUntil > now { return .wait(until: pausedUntil) }
    if underWay >= max(1, Int(window)) { return .full }
    for allowance in [callsLeft, tokensLeft].compactMap(\.self)
    where allowance.until > now && allowance.remaining <= 0 {
      return underWay > 0 ? .full : .wait(until: allowance.until)
    }
    let times = [calls?.time(for: 1, now: now), tokens?.time(for: count, now: now)]
    if let next = times.compactMap(\.self).max(), next > now { return .wait(until: next) }
    return .start
  }

  /// A call begins.
  public mutating func began(now: Int64, tokens count: Int) {
    underWay += 1
    tokensUnderWay += count
    calls?.take(1, now: now)
    tokens?.take(count, now: now)
    callsLeft?.remaining -= 1
    tokensLeft?.remaining -= count
  }

  /// A call was answered.
  ///
  /// - Parameters:
  ///   - now: The time.
  ///   - count: The tokens that were told to `began`.
  ///   - used: The tokens that it used.
  ///   - limits: What the answer's headers say.
  public mutating func answered(now: Int64, tokens count: Int, used: Int, _ limits: RateLimits) {
    ended(count)
    tokens?.giveBack(count - used)
    pauses = 0
    let growth = isGrowingFast ? 1 : 1 / window
    window = min(Double(caps.calls), window + growth)
    hear(limits, now: now)
  }

  /// A call was refused because there are too many.
  ///
  /// - Parameters:
  ///   - now: The time.
  ///   - begunAt: When the call began.
  ///   - count: The tokens that were told to `began`.
  ///   - asked: How long the provider asks to wait.
  ///   - share: A random number from 0 to 1.
  public mutating func refused(
    now: Int64, begunAt: Int64, tokens count: Int, asked: Duration?, share: Double
  ) {
    ended(count)
    tokens?.giveBack(count)
    guard begunAt >= cutAt else {
      if let asked { pausedUntil = max(pausedUntil, now + asked.inMilliseconds) }
      return
    }
    cutAt = now
    isGrowingFast = false
    window = max(1, window / 2)
    let bound = min(Self.pauseCap, Self.pauseBase << min(pauses, 16))
    pauses += 1
    let jitter = Int64(Double(bound) * share)
    let wait = asked.map { $0.inMilliseconds + min(jitter, Self.pauseBase) } ?? jitter
    pausedUntil = max(pausedUntil, now + wait)
  }

  /// A call ended without an answer that says something of the rate.
  public mutating func failed(tokens count: Int) {
    ended(count)
  }

  private mutating func ended(_ count: Int) {
    underWay -= 1
    tokensUnderWay -= count
  }

  /// What the headers leave: what is under way may not be counted there yet, so it is taken off.
  private mutating func hear(_ limits: RateLimits, now: Int64) {
    if let room = limits.requests {
      callsLeft = Allowance(
        remaining: room.remaining - underWay, until: now + room.reset.inMilliseconds)
    }
    if let room = limits.tokens {
      tokensLeft = Allowance(
        remaining: room.remaining - tokensUnderWay, until: now + room.reset.inMilliseconds)
    }
  }
}

extension CallPace {
  /// So much a minute, in even portions: a second's worth may be used at once.
  private struct Bucket {
    private let perMillisecond: Double
    private let depth: Double
    private var level: Double
    private var at: Int64

    init(perMinute: Int, now: Int64) {
      perMillisecond = Double(max(1, perMinute)) / 60_000
      depth = max(1, perMillisecond * 1000)
      level = depth
      at = now
    }

    /// When so much may be used. More than the bucket holds may be used when it is full; it is owed then.
    mutating func time(for count: Int, now: Int64) -> Int64 {
      fill(now)
      let lack = min(Double(count), depth) - level
      return lack <= 0 ? now : now + max(1, Int64((lack / perMillisecond).rounded(.up)))
    }

    mutating func take(_ count: Int, now: Int64) {
      fill(now)
      level -= Double(count)
    }

    mutating func giveBack(_ count: Int) { level = min(depth, level + Double(count)) }

    private mutating func fill(_ now: Int64) {
      level = min(depth, level + Double(max(0, now - at)) * perMillisecond)
      at = max(at, now)
    }
  }
}

extension Duration {
  /// Whole milliseconds.
  var inMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1000 + attoseconds / 1_000_000_000_000_000
  }
}
