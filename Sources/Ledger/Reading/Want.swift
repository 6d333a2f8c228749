internal import Records

/// What an item is to be after a record was read, and how far that is.
struct Want {
  let content: ContentHash?
  let plan: Int64?
  let fields: UInt64
  let state: ItemState
  let shard: Int64?
  let rejection: AdmissionBatch.Rejection?

  /// What a record rejected before it is sent leads to.
  init(rejected rejection: AdmissionBatch.Rejection, fields: UInt64) {
    self.rejection = rejection
    self.fields = fields
    content = nil
    plan = nil
    state = .rejected
    shard = nil
  }

  /// An answer wanted.
  init(
    _ content: ContentHash, _ plan: Int64, fields: UInt64, _ state: ItemState, shard: Int64? = nil
  ) {
    self.content = content
    self.plan = plan
    self.fields = fields
    self.state = state
    self.shard = shard
    rejection = nil
  }

  /// What becomes of the record's request.
  var decision: AdmissionBatch.Decision { shard.map { .send(shard: $0) } ?? .keep }
}
