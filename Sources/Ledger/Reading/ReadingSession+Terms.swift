extension ReadingSession {
  /// What the reading is for, and its policies.
  public struct Terms: Sendable {
    /// The stage's number.
    public var stage: Int64
    /// The plan's number.
    public var plan: Int64
    /// The provider entry that shards go to.
    public var provider: String
    /// How large shards may be.
    public var limits: ShardLimits
    /// Where a stage's answers come from.
    public enum Answers: Sendable {
      /// They are asked for, once for each identity.
      case asked
      /// They are calculated from the records whenever they are needed: every item has its own at once.
      case calculated
    }

    /// What a second record with the same key means.
    public var onDuplicate: OnDuplicate
    /// Whether answers that were accepted under another template or plan are asked for again.
    public var reask: Reask
    /// What the shards will be: `.packed` for a run, `.exported` for an export. An export leaves out what changed while
    /// an earlier request of the same key is still exported: results could not be told apart.
    public var destination: ShardState
    /// Where the answers come from.
    public var answers = Answers.asked
    /// Whether all records are read, or only some: then the others are as they were.
    public var extent = Extent.whole
    /// Which changes leave accepted answers as they are.
    public var reuse: ReusePolicy

    /// Creates terms.
    public init(
      stage: Int64, plan: Int64, provider: String, limits: ShardLimits, onDuplicate: OnDuplicate,
      reask: Reask, destination: ShardState = .packed, reuse: ReusePolicy = ReusePolicy()
    ) {
      self.stage = stage
      self.plan = plan
      self.provider = provider
      self.limits = limits
      self.onDuplicate = onDuplicate
      self.reask = reask
      self.destination = destination
      self.reuse = reuse
    }
  }

  /// How much of a source a reading reads.
  public enum Extent: Sendable {
    /// All records: items that are not met are gone.
    case whole
    /// Only some: items that are not met are as they were.
    case partial
  }

  /// What a second record with the same key means.
  public enum OnDuplicate: Sendable {
    /// The reading stops.
    case error
    /// The first counts, later ones are dropped.
    case first
    /// The last counts, earlier ones are dropped.
    case last
  }

  /// Whether accepted answers are asked for again when not the record but the template or the plan changed.
  public enum Reask: Sendable {
    /// They are.
    case allowed
    /// They stay; only answers that the ledger has already take their place.
    case withheld
  }

  /// What a complete reading counted outside the items.
  public struct Counts: Sendable {
    /// Records in the source (of a stage's: upstream items), before any were left out.
    public var read = 0
    /// Records that `where` left out.
    public var filtered = 0
    /// Upstream records without an accepted answer.
    public var skipped = 0
    /// Rows of the source that are no records; nil for none. They are not among those read.
    public var leftOut: LeftOutRows?

    /// All zero.
    public init() {}
  }

  /// A shard file as it stands on disk.
  public struct WrittenShard: Sendable {
    /// The draft behind it.
    public var draft: ShardDraft
    /// The file, relative to the state folder (absolute for an export).
    public var file: String
    /// The requests in it.
    public var requestCount: Int
    /// Its bytes.
    public var byteCount: Int

    /// Creates a description.
    public init(draft: ShardDraft, file: String, requestCount: Int, byteCount: Int) {
      self.draft = draft
      self.file = file
      self.requestCount = requestCount
      self.byteCount = byteCount
    }
  }
}
