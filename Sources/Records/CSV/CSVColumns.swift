/// The columns of a CSV file that is being written, and where each one's value is found.
final class CSVColumns {
  /// A value for one field.
  enum Value {
    case text(UnsafeBufferPointer<UInt8>)
    case json(JSONView)
    case nothing
  }

  /// The names in the order of the columns, as UTF-8.
  let names: [[UInt8]]
  /// How many of them are the source's; those that are only set come after.
  private let fieldCount: Int
  /// Whether the column may be set.
  private let isSet: [Bool]
  private var recordHints: [Int]
  private var settingHints: [Int]

  init(fields: [String], setting: [String]) {
    let fields = fields.map { Array($0.utf8) }
    let setting = setting.map { Array($0.utf8) }
    let fieldNames = Set(fields)
    let settingNames = Set(setting)
    names = fields + setting.filter { !fieldNames.contains($0) }
    fieldCount = fields.count
    isSet = names.map(settingNames.contains)
    recordHints = [Int](repeating: 0, count: names.count)
    settingHints = recordHints
  }

  /// The number of columns.
  var count: Int { names.count }

  /// The name of a member of the record that no column has; nil when all have one.
  func unknownField(of record: Record) -> String? {
    // Rows of CSV have the columns of their header; others may come in any shape.
    guard record.cells == nil, record.root.count > 0 else { return nil }
    var column = 0
    for member in record.root.members {
      if column < fieldCount, isName(column, member.key) {
        column += 1
      } else if let place = names.indices.first(where: { isName($0, member.key) }) {
        column = place + 1
      } else {
        return member.key.text
      }
    }
    return nil
  }

  private func isName(_ column: Int, _ key: JSONView) -> Bool {
    names[column].withUnsafeBufferPointer { key.hasText($0) }
  }

  /// Gives the value of each column in order.
  func forEachValue(
    of record: Record, setting: JSONView?, _ body: (Int, Value) -> Void
  ) {
    for column in 0..<count { body(column, value(of: column, record, setting)) }
  }

  private func value(of column: Int, _ record: Record, _ setting: JSONView?) -> Value {
    names[column].withUnsafeBufferPointer { name in
      if isSet[column], let setting, let value = setting.member(name, near: &settingHints[column]) {
        return .json(value)
      }
      if let cells = record.cells {
        return column < min(fieldCount, cells.count) ? .text(cells[column]) : .nothing
      }
      return record.root.member(name, near: &recordHints[column]).map(Value.json) ?? .nothing
    }
  }
}
