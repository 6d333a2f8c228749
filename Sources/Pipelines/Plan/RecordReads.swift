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

  /// Whether nothing is read.
  public var isEmpty: Bool { fields.isEmpty && !isWhole }
}
