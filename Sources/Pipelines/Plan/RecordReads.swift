internal import Records
public import Templates

/// Which fields of a record something reads.
public struct RecordReads: Hashable, Sendable {
  /// Fields read by name, in the order of first use, each once.
  public private(set) var fields: [String] = []
  /// Whether `record` is used whole, so that any field may be read.
  public private(set) var isWhole = false

  /// Creates reads of fields by name.
  public init(fields: [String] = [], isWhole: Bool = false) {
    self.isWhole = isWhole
    for field in fields { add(field) }
  }

  /// Adds what a template or an expression reads.
  public mutating func add(_ reads: FieldReads) {
    for field in reads.fields { add(field.name) }
    if reads.usesWholeRecord { isWhole = true }
  }

  /// Adds a field.
  public mutating func add(_ field: String) {
    // Two names are one only if their bytes are: "é" may be spelt in two ways.
    if !fields.contains(where: { $0.utf8.elementsEqual(field.utf8) }) { fields.append(field) }
  }

  /// What is read, as text that can be stored: a JSON list of the fields, with `null` first when `record` is used whole.
  public var mark: String {
    JSONValue.array((isWhole ? [.null] : []) + fields.map(JSONValue.string)).compact
  }

  /// Reads a stored mark; nil when it is none.
  public init?(mark: String) {
    // No other text is a mark.
    guard let parts = (try? JSONValue(parsing: mark))?.array else { return nil }
    self.init(fields: parts.compactMap(\.string), isWhole: parts.first == .null)
  }

  /// Whether nothing is read.
  public var isEmpty: Bool { fields.isEmpty && !isWhole }
}
