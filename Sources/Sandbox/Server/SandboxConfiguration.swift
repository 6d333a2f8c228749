public import Records

/// Everything that decides how a sandbox behaves.
///
/// The same configuration, the same requests and a virtual clock give the same answers, ids and
/// faults.
public struct SandboxConfiguration: Sendable {
  /// Whose time the sandbox lives in.
  public enum Clock: Sendable, Hashable {
    /// The machine's time.
    case wall
    /// A time of its own: it stands still until a client posts `advance_to_ms`, or runs `speed`
    /// times as fast as the machine's when that is above 0.
    case virtual(speed: Double)

    /// A time that moves only when a client says so.
    public static let virtual = Clock.virtual(speed: 0)
  }

  /// The port on 127.0.0.1; 0 lets the system choose one.
  public var port: UInt16 = 0
  /// The directory that keeps the sandbox's state across restarts; nil keeps it in a temporary
  /// directory that is removed at `stop()`.
  public var directory: String?
  /// Whose time the sandbox lives in.
  public var clock: Clock
  /// Where a virtual clock begins when there is no state yet, in UTC milliseconds; nil is the
  /// machine's time.
  public var startsAtMs: Int64?
  /// What ids, orders, answers and drawn faults follow from.
  public var seed: UInt64 = 0
  /// How long batches take; each draws its own duration from its ordinal and the seed.
  public var batchDuration: ClosedRange<Duration>
  /// The keys that are let in; none lets any non-empty key in, all of them in one workspace.
  public var keys: [SandboxKey] = []
  /// The JSON Schema that the body of every batch row of a provider is held against beside the
  /// built-in rules; none leaves the built-in rules alone.
  public var requestSchemas: [SandboxAPI: JSONValue] = [:]
  /// The one for Anthropic's rows.
  public var requestSchema: JSONValue? {
    get { requestSchemas[.anthropic] }
    set { requestSchemas[.anthropic] = newValue }
  }
  /// What goes wrong, and when.
  public var faults = FaultScript()
  /// Answers written by hand; a request that none of them matches gets a synthesised one.
  public var answers = AnswerScript()
  /// The machine's clock in UTC milliseconds, a parameter so that tests need not wait.
  public var wallClock: @Sendable () -> Int64 = { SandboxClock.systemMs() }

  /// Creates a configuration with the defaults of a clock: batches take 5 to 50 minutes of virtual
  /// time, or 2 seconds of the machine's.
  public init(clock: Clock = .virtual) {
    self.clock = clock
    switch clock {
    case .wall: batchDuration = .seconds(2) ... .seconds(2)
    case .virtual: batchDuration = .seconds(300) ... .seconds(3000)
    }
  }
}
