/// The life of a shard as a pure state machine: an event moves it and says what is to be done once the new state is
/// committed. No clock, no disk, no network; the ledger stores what it says.
public struct ShardLifecycle: Sendable, Equatable {
  /// How far the shard is.
  public private(set) var state: ShardState

  /// Takes up the life of a shard where it is.
  public init(_ state: ShardState) { self.state = state }

  /// What happened.
  public enum Event: Sendable, Equatable, CaseIterable {
    /// It is this shard's turn.
    case submit
    /// It is this shard's turn, and its requests go one by one.
    case ask
    /// The provider answered the create with a batch.
    case created
    /// The provider certainly has nothing of it: the request was not sent, or refused.
    case refused
    /// The create's answer was lost, or the process was, between intent and answer.
    case interrupted
    /// The look-up found a batch that may be this one and still runs.
    case candidateFound
    /// A candidate's custom_ids are exactly this shard's.
    case candidateConfirmed
    /// A candidate's custom_ids are others.
    case candidateDismissed
    /// Two look-ups, ten minutes apart, found nothing.
    case absent
    /// The look-up cannot decide.
    case undecidable
    /// A person said: the provider has it not.
    case declaredAbsent
    /// The provider says the batch is over.
    case finished
    /// The provider had no room for the batch and carried nothing of it out.
    case turnedAway
    /// The provider does not know the batch any more, or its results are gone.
    case lost
    /// The results file is complete on disk.
    case resultsStored
    /// Every row of the results file is applied.
    case applied
    /// Results of an exported shard were imported.
    case imported
    /// The shard is taken back before anything was sent.
    case discard
  }

  /// What to do once the new state is committed.
  public enum Action: Sendable, Equatable {
    /// Make its calls.
    case makeCalls
    /// Send the create request, once.
    case createBatch
    /// Look for the batch among the provider's.
    case lookUp
    /// Ask for the batch's state when its poll is due.
    case poll
    /// Download the results.
    case download
    /// Apply the results file.
    case apply
    /// Put the shard's items back among the pending ones.
    case release
    /// Wait for a person.
    case askPerson
    /// Nothing.
    case rest
  }

  /// Moves the shard; nil when the event cannot happen in this state, which then stays.
  public mutating func handle(_ event: Event) -> Action? {
    guard let (next, action) = Self.move(state, event) else { return nil }
    state = next
    return action
  }

  /// What to do with a shard that is found in a state, after a restart.
  public var resumption: Action {
    switch state {
    case .packed: .createBatch
    case .submitting: .lookUp
    case .adopting, .submitted: .poll
    case .unknown: .askPerson
    case .ended: .download
    case .collected, .asking: .apply
    case .exported, .settled, .discarded: .rest
    }
  }

  private static func move(_ state: ShardState, _ event: Event) -> (ShardState, Action)? {
    switch (state, event) {
    case (.packed, .submit): (.submitting, .createBatch)
    case (.packed, .ask): (.asking, .makeCalls)
    case (.packed, .discard), (.exported, .discard): (.discarded, .release)
    case (.submitting, .created): (.submitted, .poll)
    case (.submitting, .refused): (.packed, .rest)
    case (.submitting, .interrupted): (.submitting, .lookUp)
    case (.submitting, .candidateFound): (.adopting, .poll)
    case (.submitting, .absent), (.unknown, .declaredAbsent): (.packed, .createBatch)
    case (.submitting, .undecidable): (.unknown, .askPerson)
    case (.unknown, .candidateFound): (.adopting, .poll)
    case (.adopting, .candidateConfirmed): (.collected, .apply)
    case (.adopting, .candidateDismissed): (.submitting, .lookUp)
    case (.submitted, .finished): (.ended, .download)
    case (.submitted, .turnedAway): (.packed, .rest)
    case (.submitted, .lost), (.ended, .lost): (.discarded, .release)
    case (.ended, .resultsStored): (.collected, .apply)
    case (.collected, .applied), (.asking, .applied), (.exported, .imported): (.settled, .rest)
    default: nil
    }
  }
}
