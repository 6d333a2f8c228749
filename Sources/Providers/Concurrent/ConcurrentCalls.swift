internal import Synchronization

/// The calls of a synchronous API, many at a time, on a thread of their own. What comes back is kept at once, and handed over
/// in groups of lines, at most about 50 milliseconds after the first of them came.
///
/// One task asks for events until the end. Memory is bounded: while more than some megabytes of lines are handed over and
/// not yet `settled`, no call begins.
public final class ConcurrentCalls: Sendable {
  /// What to go by.
  public struct Terms: Sendable {
    /// What never to go beyond.
    public var caps: CallPace.Caps
    /// Whether somebody else's clock is waited on (`Event.idle`), because nothing but a wait is left to do.
    public var isClockVirtual: Bool
    /// How long calls under way are awaited once no more are wanted.
    public var grace: Duration
    /// How long no call may succeed before it is given up for now.
    public var patience: Duration

    /// Creates terms.
    public init(
      _ caps: CallPace.Caps, isClockVirtual: Bool = false, grace: Duration = .seconds(30),
      patience: Duration = .seconds(900)
    ) {
      self.caps = caps
      self.isClockVirtual = isClockVirtual
      self.grace = grace
      self.patience = patience
    }
  }

  /// What happened.
  public enum Event: Sendable {
    /// Lines as a results file has them.
    case rows([UInt8])
    /// Nothing is under way, and nothing can be done for so long, unless `skip` says that the time has passed.
    case idle(Duration)
    /// Nothing more comes.
    case end(Ending)
  }

  /// How it ended.
  public struct Ending: Sendable {
    /// Why no more calls can be made now; nil when all are made, or no more were wanted.
    public var error: ProviderError?
    /// Why the next call could not be read, or lines could not be kept.
    public var localError: (any Error)?
    /// Calls that went out whole and whose answers were lost, those that were made again included: each may have been billed.
    public var doubtful = 0
    /// The sandbox's clock at the last answer, in UTC milliseconds; nil for a real provider.
    public var sandboxNow: Int64?
  }

  /// What the task and the thread share.
  struct Shared: Sendable {
    var events: [Event] = []
    var waiter: CheckedContinuation<Event, Never>?
    var unsettledByteCount = 0
    var skipped = Duration.zero
    var isStopped = false
  }

  private let shared = Mutex(Shared())

  /// Begins to make calls.
  ///
  /// - Parameters:
  ///   - api: How.
  ///   - terms: What to go by.
  ///   - next: Gives the next call, nil after the last; it is called on the thread.
  ///   - keep: Writes lines where a kill of the process leaves them, before any more calls begin; likewise. Lines that it
  ///     throws for are not handed over.
  public init(
    _ api: any MessageProvider, _ terms: Terms,
    next: sending @escaping () throws -> ConcurrentCall?,
    keep: sending @escaping (UnsafeBufferPointer<UInt8>) throws -> Void
  ) {
    let source = Mutex(CallSource(next, keep))
    let isStarted = DetachedThread.start { [self] in
      source.withLock { source in
        CallLoop(api, terms, self, source).run()
      }
    }
    if !isStarted {
      let failure = HTTPFailure(
        phase: .notSent, reason: .other(code: 27), origin: "the calls",
        detail: "no thread could be started")
      put(.end(Ending(error: ProviderError(.message, .connection(failure)))))
    }
  }

  /// The next event, waiting for it. Also when its task is canceled: what is under way was paid for.
  public func next() async -> Event {
    await withCheckedContinuation { continuation in
      let event: Event? = shared.withLock { shared in
        if !shared.events.isEmpty { return shared.events.removeFirst() }
        shared.waiter = continuation
        return nil
      }
      if let event { continuation.resume(returning: event) }
    }
  }

  /// Says that lines are where they belong: there is room for others.
  public func settled(byteCount: Int) { shared.withLock { $0.unsettledByteCount -= byteCount } }

  /// Says that time has passed on the clock that is waited on.
  public func skip(_ duration: Duration) { shared.withLock { $0.skipped += duration } }

  /// Has no more calls begin. Those under way are awaited for the grace period.
  public func stop() { shared.withLock { $0.isStopped = true } }

  func put(_ event: Event) {
    let waiter = shared.withLock { shared in
      if case .rows(let rows) = event { shared.unsettledByteCount += rows.count }
      if let waiter = shared.waiter {
        shared.waiter = nil
        return Optional(waiter)
      }
      shared.events.append(event)
      return nil
    }
    waiter?.resume(returning: event)
  }

  /// What the thread looks at from time to time.
  var signs: (unsettledByteCount: Int, skipped: Duration, isStopped: Bool) {
    shared.withLock { ($0.unsettledByteCount, $0.skipped, $0.isStopped) }
  }
}

/// Where calls come from, and where their answers go.
final class CallSource {
  let next: () throws -> ConcurrentCall?
  let keep: (UnsafeBufferPointer<UInt8>) throws -> Void

  init(
    _ next: @escaping () throws -> ConcurrentCall?,
    _ keep: @escaping (UnsafeBufferPointer<UInt8>) throws -> Void
  ) {
    self.next = next
    self.keep = keep
  }
}
