internal import GRDB
internal import Records

extension Admission {
  /// Decides about a record whose key stood before in this reading.
  func decideDuplicate(
    _ row: AdmissionBatch.Row, key: UnsafeBufferPointer<UInt8>
  ) throws -> AdmissionBatch.Decision {
    switch terms.onDuplicate {
    case .error: throw ReadingError.duplicateKey(key: Array(key), line: row.line)
    case .first:
      tally.duplicate += 1
      return .duplicate
    case .last:
      tally.duplicate += 1
      return try replace(with: row, key: key)
    }
  }

  /// Makes an item want what the last record of its key says, instead of what an earlier one said.
  private func replace(
    with row: AdmissionBatch.Row, key: UnsafeBufferPointer<UInt8>
  ) throws -> AdmissionBatch.Decision {
    try table.makeIndex()
    guard let current = try walk.current(key), let originals else {
      preconditionFailure("a key that was met has an item")
    }
    if current.isWhat(row, wantsUnder: terms.plan) {
      if current.fields != row.fields { try table.setFields(row.fields, of: current.id) }
      return .keep
    }
    let original = try originals.original(of: current.id)
    let isUntouched = current.id < firstNewItem && original == nil
    if isUntouched {
      // Unless it was withheld, the earlier record was what the item wanted.
      if keptItems?.contains(current.id) == true {
        tally.kept -= 1
      } else if terms.reask == .allowed {
        tally.unchanged -= 1
      }
      return try change(current, to: row)
    }
    takeBack(current, key: key)
    mayOrphan = true
    if let original {
      tally.count(original.change, leadingTo: current.state, by: -1)
      if original.item.isWhat(row, wantsUnder: terms.plan) {
        tally.unchanged += 1
        try originals.restore(original.item)
        try table.setFields(row.fields, of: current.id)
        return .keep
      }
    }
    let want = try want(row, item: current.id, before: original?.item ?? current)
    if let original {
      let change = try self.change(of: original.item, to: row)
      tally.count(change, leadingTo: want.state, by: 1)
    }
    try table.change(current.id, to: want)
    return want.decision
  }

  /// Takes back what an earlier record of this reading led to.
  private func takeBack(_ item: KnownItem, key: UnsafeBufferPointer<UInt8>) {
    switch item.state {
    case .packed:
      guard let shard = item.shard, shard >= cutter.firstNumber else { return }
      tally.toSend -= 1
      replaced.append(ReplacedRequest(shard: shard, key: Array(key)))
    case .rejected: tally.rejected -= 1
    case .accepted: tally.reused -= 1
    case .pending, .twin, .removed, .unread: return
    }
  }
}
