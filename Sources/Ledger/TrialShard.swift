public import Records

/// Requests of a few records that are asked before their stage is read, or beside it. No item waits for their answers; who
/// wants one of these identities, now or later, has its answer.
public struct TrialShard: Sendable {
  /// The stage.
  public var stage: Int64
  /// The plan of the requests.
  public var plan: Int64
  /// The provider entry.
  public var provider: String
  /// The file of the requests, complete and synced, relative to the state folder.
  public var file: String
  /// The file that the answers will be in, likewise.
  public var resultsFile: String
  /// The content half of each request's identity, in the file's order.
  public var contents: [ContentHash]
  /// The bytes of the file.
  public var byteCount: Int
  /// The estimated input tokens.
  public var inputTokens: Int
  /// The run that pays.
  public var run: Int64
  /// Nano-dollars that are set aside.
  public var reservedNano: Int64
  /// The most that it can cost.
  public var worstNano: Int64

  /// Describes a trial.
  public init(
    stage: Int64, plan: Int64, provider: String, file: String, resultsFile: String,
    contents: [ContentHash], byteCount: Int, inputTokens: Int, run: Int64, reservedNano: Int64,
    worstNano: Int64
  ) {
    self.stage = stage
    self.plan = plan
    self.provider = provider
    self.file = file
    self.resultsFile = resultsFile
    self.contents = contents
    self.byteCount = byteCount
    self.inputTokens = inputTokens
    self.run = run
    self.reservedNano = reservedNano
    self.worstNano = worstNano
  }
}
