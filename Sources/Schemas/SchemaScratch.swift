internal import Records

/// The state that validating needs beside the schema: reused from value to value, one per task.
public struct SchemaScratch: ~Copyable {
  /// A step from a value to one inside it.
  enum Step {
    case member(String)
    case element(Int)
  }

  /// The decoded text of a string that is written with escapes.
  var text = ByteBuffer(capacity: 1024)
  /// For each schema being applied that must know, which members or elements were looked at: one
  /// byte each.
  var marks: [UInt8] = []
  /// The resources entered, outermost first.
  var scopes: [Int32] = []
  /// How many schemas are being applied inside each other.
  var depth = 0
  var patterns = PatternScratch()

  /// Whether violations are noted and validating goes on after one.
  private(set) var isCollecting = false
  private(set) var violations: [SchemaViolation] = []
  private var limit = 0
  private var silences = 0
  /// The way to the value being looked at; kept only while collecting.
  var path: [Step] = []

  /// Creates an empty scratch.
  public init() {}

  mutating func begin(collecting limit: Int) {
    self.limit = limit
    isCollecting = limit > 0
    violations = []
    silences = 0
    depth = 0
    marks.removeAll(keepingCapacity: true)
    scopes.removeAll(keepingCapacity: true)
    path.removeAll(keepingCapacity: true)
  }

  /// Violations are not noted until the matching `speak`.
  mutating func hush() {
    silences += 1
    isCollecting = false
  }

  mutating func speak() {
    silences -= 1
    isCollecting = silences == 0 && violations.count < limit
  }

  /// Notes a violation unless an equal one is known; the last one that fits ends collecting.
  mutating func note(_ violation: SchemaViolation) {
    guard isCollecting, !violations.contains(violation) else { return }
    violations.append(violation)
    isCollecting = violations.count < limit
  }

  /// The JSON pointer to the value being looked at.
  var instancePath: String {
    path.reduce(SchemaPointer()) { pointer, step in
      switch step {
      case .member(let key): pointer.appending(key)
      case .element(let index): pointer.appending(index)
      }
    }.text
  }
}
