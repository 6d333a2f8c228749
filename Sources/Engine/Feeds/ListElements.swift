internal import Ledger
internal import Pipelines
internal import Records
internal import Templates

/// What `each` and `split` make: a record for each element of a list, with the fields of the record that has the list. Its
/// position in the list is part of its key.
///
/// A record without a list is rejected under its own key; in that, too, `#` is escaped, so that it is no element's.
final class ListElements: FeedStep {
  private let below: any FeedStep
  private let list: any ElementList
  private let lens: RecordLens
  private var indexTape = JSONTape()
  /// The record whose elements are gone through.
  private var parent: Record?
  private var elements: JSONView.Elements?
  private var position = 0
  private var parentKey = ByteBuffer()
  private var key = ByteBuffer()
  private(set) var scope: TemplateScope

  init(_ below: any FeedStep, of stage: StagePlan, _ list: any ElementList) {
    self.below = below
    self.list = list
    lens = RecordLens(stage)
    scope = below.scope
  }

  func next() throws -> FedRecord? {
    while true {
      if let parent, let element = elements?.next() { return made(of: element, parent) }
      guard let fed = try below.next() else { return nil }
      scope = below.scope
      elements = nil
      guard fed.isItem else { return fed }
      try readKey(of: fed)
      guard case .taken = fed.standing else {
        return FedRecord(record: fed.record, key: key.bytes, standing: fed.standing)
      }
      switch list.elements(of: scope) {
      case .success(let array):
        parent = fed.record
        elements = array.elements
        position = 0
      case .failure(let problem):
        return FedRecord(record: fed.record, key: key.bytes, standing: .rejected(problem.reason))
      }
    }
  }

  private func made(of element: JSONView, _ parent: Record) -> FedRecord {
    key.truncate(to: parentKey.count)
    key.append(0x23)
    key.append(decimal: position)
    indexTape.beginBuilding()
    indexTape.buildNumber(Int64(position))
    scope[.item] = element
    scope[.index] = indexTape.built
    position += 1
    return FedRecord(record: parent, key: key.bytes, standing: .taken)
  }

  /// Reads the key of a record, as it begins those of its elements.
  private func readKey(of fed: FedRecord) throws {
    key.removeAll()
    try lens.appendKey(of: fed, scope, to: &key)
    parentKey.removeAll()
    for byte in key.bytes {
      switch byte {
      case 0x23: parentKey.append("%23")
      case 0x25: parentKey.append("%25")
      default: parentKey.append(byte)
      }
    }
    key.removeAll()
    key.append(parentKey.bytes)
  }
}
