internal import Ledger
internal import Pipelines
internal import Providers

extension StageRun {
  /// What the account has in flight, and what there is room for.
  struct AccountRoom {
    /// Batches that may still be made; nil when that is not limited.
    var batches: Int?
    /// Requests that may still wait at the provider.
    var requests: Int
    /// Input tokens that may; nil when that is not limited.
    var inputTokens: Int?
    /// Whether nothing is in flight, so that waiting frees nothing.
    var isEmpty: Bool
    /// Whether something is in flight that this pipeline does not ask after by itself.
    var hasStrangers: Bool
  }

  /// How often it is looked whether a batch of somebody else is over, in milliseconds.
  private static let lookPeriod: Int64 = 60_000

  /// Tells the other pipelines of the account what this one has in flight.
  func declareInFlight() throws {
    let batches = try ledger.openShards().filter {
      $0.provider == provider.name && $0.state.isInFlight
    }
    try accounts.declare(
      batches.map { entry($0) }, pipeline: plan.name, provider: provider.name,
      account: provider.account, known: try ledger.remoteIDs(provider: provider.name))
  }

  /// Enters the shard that has the turn, before its batch is made.
  func enter(_ shard: ShardRecord, _ measure: ShardMeasure) throws {
    var shard = shard
    shard.inputTokens = measure.inputTokens
    try accounts.enter(entry(shard), account: provider.account)
  }

  private func entry(_ shard: ShardRecord) -> AccountBook.InFlight {
    AccountBook.InFlight(
      pipeline: plan.name, provider: provider.name, shard: shard.id, remoteID: shard.remoteID,
      requestCount: shard.requestCount, inputTokens: shard.inputTokens)
  }

  /// What there is room for in the account. When it looks full, batches of pipelines that may not run any more are
  /// asked after: nothing holds room forever.
  func accountRoom(for shard: ShardRecord) async throws -> AccountRoom {
    let room = try currentRoom()
    let looksFull =
      room.batches == 0 || room.requests < shard.requestCount
      || room.inputTokens.map { $0 < shard.inputTokens } == true
    guard looksFull, room.hasStrangers else { return room }
    for batch in try strangers() { try await look(at: batch) }
    return try currentRoom()
  }

  private func currentRoom() throws -> AccountRoom {
    let limits = stage.load.provider
    let batches = try accounts.inFlight(account: provider.account)
    let requests = batches.reduce(0) { $0 + $1.requestCount }
    let tokens = batches.reduce(0) { $0 + $1.inputTokens }
    return AccountRoom(
      batches: limits.inFlight.map { max(0, $0 - batches.count) },
      requests: max(0, limits.queue.requests - requests),
      inputTokens: limits.queue.inputTokens.map { max(0, $0 - tokens) }, isEmpty: batches.isEmpty,
      hasStrangers: try !strangers().isEmpty)
  }

  /// What is in flight that this pipeline's ledger does not know: other pipelines', and what a deleted ledger sent.
  private func strangers() throws -> [AccountBook.InFlight] {
    let open = Set(try ledger.openShards().filter(\.state.isInFlight).map(\.id))
    let known = try ledger.remoteIDs(provider: provider.name)
    return try accounts.inFlight(account: provider.account).filter { batch in
      guard batch.pipeline == plan.name else { return true }
      return batch.remoteID.map { !known.contains($0) } ?? !open.contains(batch.shard)
    }
  }

  /// Takes a batch out of the account's book when it is over; at most once in a while.
  private func look(at batch: AccountBook.InFlight) async throws {
    let now = clock.milliseconds
    guard let id = batch.remoteID else {
      // Its pipeline was between intent and answer. Without a ledger nobody will ever find out.
      let other = StateFolder(root: folder.root, pipeline: batch.pipeline)
      let isGone = batch.pipeline == plan.name || !folder.has(other.path + "/ledger.sqlite")
      if isGone { try accounts.forget(batch) }
      return
    }
    // A time that lies ahead is another clock's.
    if let looked = batch.lookedAt, looked <= now, now - looked < Self.lookPeriod { return }
    switch await state(of: id, createdAt: nil) {
    case .success(let state):
      clock.hear(state.answer.sandboxNow)
      if state.isEnded {
        try accounts.forget(batch)
      } else {
        try accounts.note(batch, lookedAt: now)
      }
    case .failure(let error) where error.isNotFound: try accounts.forget(batch)
    case .failure(let error): throw error
    }
  }
}

extension ShardState {
  /// Whether a shard in this state counts against the provider's limits.
  fileprivate var isInFlight: Bool {
    switch self {
    case .submitting, .adopting, .unknown, .submitted: true
    case .packed, .ended, .collected, .asking, .settled, .exported, .discarded: false
    }
  }
}
