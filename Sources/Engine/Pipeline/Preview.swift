internal import Ledger
public import Pipelines
public import Providers
internal import Records

/// Requests as they would be sent, for people to look at. Sends nothing, stores nothing.
public struct Preview: Sendable {
  /// One record's request.
  public struct Sample: Sendable {
    /// The record's key.
    public let key: String
    /// The line of the source.
    public let line: Int
    /// The request's line, as it would stand in a shard; nil when the record would be rejected.
    public let request: String?
    /// Why the record would be rejected.
    public let rejection: String?
    /// The estimated input tokens (high estimate).
    public let inputTokens: Int
  }

  /// The stage.
  public let stage: StagePlan
  private let plan: PipelinePlan
  private let settings: RunSettings

  /// Prepares to look at a stage.
  public init(_ stage: StagePlan, of plan: PipelinePlan, _ settings: RunSettings) {
    self.stage = stage
    self.plan = plan
    self.settings = settings
  }

  /// The schema as it would be sent, and what it leaves out.
  public var lowering: LoweringReport? { stage.way(settings.catalog)?.lowering }

  /// The headers that the pipeline adds to the stage's calls.
  public var headers: [(name: String, value: String)] {
    guard stage.calculation == nil else { return [] }
    let load = stage.load
    var headers = load.headers.map { (name: $0.key, value: $0.value.string ?? "") }
    if let name = load.provider.kind.betaHeader, !load.betas.isEmpty {
      headers.insert((name, load.betas.joined(separator: ",")), at: 0)
    }
    return headers
  }

  /// The first requests, or that of one key. Of several records with one key, the one that `on_duplicate` says counts:
  /// for the last, all records are read.
  ///
  /// - Parameters:
  ///   - count: At most so many.
  ///   - key: Only the record with this key.
  /// - Returns: The samples, in the order of the source.
  /// - Throws: `RunError`; of a stage that reads another one, also when that has not run yet.
  public func samples(_ count: Int, key: String?) async throws(RunError) -> [Sample] {
    try await RunError.typed {
      let folder = StateFolder(
        root: settings.stateRoot, pipeline: plan.name, standardInput: settings.standardInput)
      let ledger =
        stage.upstreams.isEmpty ? nil : try RunLedger.openForReading(inFolder: folder.path)
      let feed = try RecordFeed(
        stage, of: plan, in: folder, ledger: ledger, catalog: settings.catalog)
      let repeated = try RepeatedKeys(
        stage, of: plan, in: folder, ledger: ledger, catalog: settings.catalog)
      let rows = stage.rowMaker(stage.way(settings.catalog))
      var samples: [Sample] = []
      let batch = AdmissionBatch()
      while samples.count < count, let fed = try feed.next() {
        guard fed.isItem else { continue }
        batch.removeAll()
        try rows.add(fed, feed.scope, to: batch)
        guard let row = batch.rows.first, repeated.counts(batch.key(of: row)) else { continue }
        // Keys are compared by their bytes, as everywhere.
        if let key, !batch.key(of: row).elementsEqual(key.utf8) { continue }
        samples.append(Sample(row, of: batch))
      }
      return samples
    }
  }
}

extension Preview.Sample {
  /// A record of a batch.
  init(_ row: AdmissionBatch.Row, of batch: AdmissionBatch) {
    key = String(decoding: batch.key(of: row), as: UTF8.self)
    line = row.line
    let bytes = UnsafeBufferPointer(rebasing: batch.requests.bytes[row.request])
    request = row.rejection == nil ? String(decoding: bytes, as: UTF8.self) : nil
    rejection = row.rejection.map { "\($0.reason): \($0.detail)" }
    inputTokens = row.tokens.high
  }
}
