internal import Records

/// What a provider would have billed.
struct Meter {
  private let batches: Int
  private var rows = 0
  private var messages = 0
  private var batchPicodollars: Int64 = 0
  private var messagePicodollars: Int64 = 0
  private var byID: [String: Int] = [:]
  private var byBody: [String: Int] = [:]

  init(batches: Int) { self.batches = batches }

  /// Adds the lines of a billing file; one that is not there (its batch has not ended) adds
  /// nothing.
  mutating func add(_ path: String, isBatch: Bool) {
    guard var lines = LineReader(path) else { return }
    var tape = JSONTape()
    while let line = lines.next() {
      // A torn or foreign line bills nobody.
      guard let json = try? tape.parse(line), let bill = BillLine(json) else { continue }
      if let id = bill.customID { byID[id, default: 0] += 1 }
      byBody[bill.body, default: 0] += 1
      if isBatch {
        rows += 1
        batchPicodollars += bill.picodollars
      } else {
        messages += 1
        messagePicodollars += bill.picodollars
      }
    }
  }

  /// The meter as JSON text; `withRows` lists every custom_id and body with its count.
  func json(withRows: Bool) -> [UInt8] {
    var members: [JSONValue.Member] = []
    func add(_ key: String, _ value: Int) { members.append(JSONValue.Member(key, .number(value))) }
    add("batches_created", batches)
    add("rows_billed", rows)
    add("messages_billed", messages)
    add("custom_ids_billed", byID.count)
    add("bodies_billed", byBody.count)
    add("most_per_custom_id", byID.values.max() ?? 0)
    add("most_per_body", byBody.values.max() ?? 0)
    add("batch_micro_dollars", Int(batchPicodollars / 1_000_000))
    add("message_micro_dollars", Int(messagePicodollars / 1_000_000))
    add("micro_dollars", Int((batchPicodollars + messagePicodollars) / 1_000_000))
    if withRows {
      members.append(JSONValue.Member("per_custom_id", Self.counts(byID)))
      members.append(JSONValue.Member("per_body", Self.counts(byBody)))
    }
    var bytes = ByteBuffer()
    JSONValue.object(members).append(to: &bytes)
    return Array(bytes.bytes)
  }

  private static func counts(_ counts: [String: Int]) -> JSONValue {
    .object(
      counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { JSONValue.Member($0.key, .number($0.value)) })
  }
}
