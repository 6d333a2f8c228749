internal import Ledger
internal import Pipelines
internal import Records
internal import Templates

/// The items of groups, as they wait in a spool and as templates see them: the record's fields, its key, and what else
/// was in scope with it.
final class GroupItems {
  /// What of the scope an item keeps. Fields of these names give way to them, as they do in templates.
  private static let roots: [ScopeRoot] = [.output, .stages, .item, .index, .items, .joined]
  private static let names = ["key"] + roots.map(\.name)

  private var key = ByteBuffer()
  private var itemTape = JSONTape()
  private var text = ByteBuffer(capacity: 4096)
  private var listText = ByteBuffer(capacity: 1 << 14)
  private var listTape = JSONTape()

  /// A record as the text of an item; valid until the next call.
  func text(
    of fed: FedRecord, _ scope: TemplateScope, _ lens: RecordLens
  ) throws -> UnsafeBufferPointer<UInt8> {
    key.removeAll()
    try lens.appendKey(of: fed, scope, to: &key)
    itemTape.beginBuilding()
    itemTape.beginObject()
    for member in scope.record.members where !Self.isReserved(member.key) {
      itemTape.buildKey(member.key.text)
      itemTape.build(member.value)
    }
    itemTape.buildKey("key")
    itemTape.buildString(key.bytes)
    for root in Self.roots {
      guard let value = scope[root] else { continue }
      itemTape.buildKey(root.name)
      itemTape.build(value)
    }
    itemTape.end()
    text.removeAll()
    itemTape.built.appendJSON(to: &text)
    return text.bytes
  }

  /// The items of a group; valid until the next call.
  func list(of group: GroupSpool.Group, in spool: GroupSpool, limit: Int?) throws -> JSONView {
    listText.removeAll()
    listText.shrink(to: 1 << 20)
    try spool.appendArray(of: group, limit: limit, to: &listText)
    do {
      return try listTape.parse(listText.bytes)
    } catch {
      preconditionFailure("a spool gives back what it was given: \(error)")
    }
  }

  private static func isReserved(_ key: JSONView) -> Bool {
    names.contains { name in
      var name = name
      return name.withUTF8 { key.hasText($0) }
    }
  }
}
