/// The columns of a CSV file that is being written, and where each one's value is found.
struct CSVColumns {
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
    var seen: Set<[UInt8]> = []
    // A record of JSON may have a key twice; a header has each name once.
    let fields = fields.map { Array($0.utf8) }.filter { seen.insert($0).inserted }
    let setting = setting.map { Array($0.utf8) }
    let settingNames = Set(setting)
    names = fields + setting.filter { seen.insert($0).inserted }
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

  /// Whether a column's value is the field of a CSV row at the same place, whatever is set.
  @inline(__always) func isPlainCell(_ column: Int) -> Bool {
    column < fieldCount && !isSet[column]
  }

  /// The value of a column: what is set, else what the record has.
  mutating func value(of column: Int, _ record: Record, _ setting: JSONView?) -> Value {
    if isSet[column], let setting,
      let value = Self.member(names[column], of: setting, near: &settingHints[column])
    {
      return .json(value)
    }
    if let cells = record.cells {
      return column < min(fieldCount, cells.count) ? .text(cells[column]) : .nothing
    }
    return Self.member(names[column], of: record.root, near: &recordHints[column]).map(Value.json)
      ?? .nothing
  }

  private static func member(_ name: [UInt8], of object: JSONView, near hint: inout Int)
    -> JSONView?
  {
    name.withUnsafeBufferPointer { object.member($0, near: &hint) }
  }
}
