/// What is known of a source's records before they are all read.
struct RecordShape {
  /// Names are bytes: "é" may be spelt in two ways.
  private var counts: [[UInt8]: Int] = [:]

  /// The fields, in the order in which they were seen.
  private(set) var fields: [String] = []
  /// How many records were looked at; nil when a header told all.
  private(set) var recordCount: Int?

  /// The shape that a header tells.
  init(header: [String]) {
    for name in header { note(name) }
  }

  /// A shape that records will tell.
  init() {
    recordCount = 0
  }

  /// Whether nothing is known.
  var isEmpty: Bool { fields.isEmpty }

  /// Counts a record; its fields follow with `note`.
  mutating func beginRecord() { recordCount = (recordCount ?? 0) + 1 }

  /// Counts a field.
  mutating func note(_ name: String) {
    let bytes = Array(name.utf8)
    if counts[bytes] == nil { fields.append(name) }
    counts[bytes, default: 0] += 1
  }

  /// Whether records have a field.
  func presence(of name: String) -> Presence {
    guard let count = counts[Array(name.utf8)] else { return .never }
    guard let recordCount, count < recordCount else { return .always }
    return .sometimes(count, of: recordCount)
  }

  /// How many records have a field.
  enum Presence {
    case always
    case sometimes(Int, of: Int)
    case never
  }
}
