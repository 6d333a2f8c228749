public import Ledger
public import Providers

/// What a run tells while it works. Times are UTC milliseconds of the run's clock.
public enum RunEvent: Sendable {
  /// A stage's source is being read; `count` records so far.
  case reading(stage: String, count: Int)
  /// A reading is complete; what its requests are expected to cost, nil without a known price.
  case read(stage: String, ReadingTally, counts: StageCounts, shards: Int, cost: MoneyRange?)
  /// A batch was made.
  case submitted(stage: String, shard: Int64, batch: String, requests: Int)
  /// A shard's requests are about to be asked one by one; why, where the pipeline left that open.
  case asking(stage: String, shard: Int64, requests: Int, reason: String?)
  /// So many of them are answered.
  case asked(stage: String, shard: Int64, answered: Int, of: Int)
  /// Requests go in batches; why, where the pipeline left that open.
  case batched(stage: String, reason: String)
  /// A batch of ours was found after a crash or a lost answer.
  case adopted(stage: String, shard: Int64, batch: String)
  /// A look-up after an ambiguous create found nothing yet.
  case lookedUp(stage: String, shard: Int64)
  /// A batch is over; its results are on disk.
  case collected(stage: String, shard: Int64, batch: String)
  /// A results file is applied.
  case applied(stage: String, shard: Int64, ShardOutcome)
  /// Stored answers were judged in a new way, at no cost: `accepted` records have theirs now, `revalidated` answers hold
  /// under the new schema.
  case judgedAgain(stage: String, accepted: Int, revalidated: Int)
  /// Answers were accepted after a repair, which the pipeline allows.
  case repaired(stage: String, answers: Int)
  /// Requests are made again.
  case repacked(stage: String, requests: Int, shards: Int)
  /// A shard was split: its first requests go, `waiting` others stay behind.
  case split(stage: String, shard: Int64, requests: Int, waiting: Int)
  /// What went first was good enough, or a person said so; the rest goes.
  case canaryPassed(stage: String, CanaryReport)
  /// One request goes first, so that the others find in the cache what it writes; why that pays.
  case warmingUp(stage: String, reason: String)
  /// A shard waits until something at the provider has ended.
  case awaitingRoom(stage: String, requests: Int, Shortage)
  /// An output is written.
  case merged(stage: String, MergeOutcome)
  /// Something is doubtful; the run goes on.
  case warning(stage: String?, String)
  /// Somebody should look.
  case alert(Alert)
  /// A call failed and is made again later.
  case retrying(ProviderError)
  /// How a stage stands, after each step that changed something.
  case standing(StageStanding)
  /// There is nothing to do before a time.
  case waiting(until: Int64, now: Int64)
}

/// What a shard that waits is waiting for.
public enum Shortage: Sendable, Equatable {
  /// Money: all of the budget is spent or set aside.
  case budget
  /// The account: as many batches, requests or tokens as it may have are at the provider.
  case account
}

/// What a run spent and set aside.
public struct RunStanding: Sendable, Equatable {
  /// When it had something to send first, in UTC milliseconds.
  public var startedAt: Int64
  /// When nothing was left to do; nil while it goes on.
  public var endedAt: Int64?
  /// What its settled requests cost.
  public var spent: Money
  /// What is set aside for its requests at the provider.
  public var reserved: Money
  /// All that was ever set aside in it.
  public var setAside: Money
  /// What its first requests were expected to cost when they were read; nil when that was not known.
  public var expected: MoneyRange?
  /// What it may spend; nil without a budget.
  public var budget: Money?
  /// By how much it may go beyond its budget if everything at the provider costs the most; zero unless the budget
  /// reserves the likely estimate.
  public var overrun: Money
}

/// How a stage stands.
public struct StageStanding: Sendable, Equatable {
  /// The stage.
  public var stage: String
  /// Its counts; they balance.
  public var counts: StageCounts
  /// Batches at the provider.
  public var batchesInFlight: Int
  /// Requests in them.
  public var requestsInFlight: Int
  /// Shards that wait to be sent.
  public var shardsWaiting: Int
  /// When the oldest batch in flight was submitted.
  public var oldestSubmittedAt: Int64?
  /// When the next batch is asked after.
  public var nextPollAt: Int64?
  /// What its requests cost so far.
  public var cost: Money
  /// Whether nothing is pending and the output is written.
  public var isComplete: Bool
  /// What the provider's cache did for it so far; nil unless the pipeline asks for a cache.
  public var cache: CacheBalance?
  /// Rows of its source that are no records, which the pipeline says to leave out; nil for none.
  public var leftOut: LeftOutRows?
}

/// What a merge wrote.
public struct MergeOutcome: Sendable, Equatable {
  /// The target, as the user knows it.
  public var target: String
  /// Records with their answer.
  public var written = 0
  /// Rows of a table that already were as they were to be.
  public var unchanged = 0
  /// Records without an accepted answer.
  public var missing = 0
  /// Records that are new or have changed since they were read for the prompts.
  public var changed = 0
  /// Records that `where` left out.
  public var filtered = 0
  /// Rows of a table that are gone.
  public var gone = 0

  /// Nothing written.
  public init(target: String) { self.target = target }
}
