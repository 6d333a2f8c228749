/// A JSON value that owns its parts: for schemas, catalogues, replies and other small texts.
///
/// Records and answers on the hot path are `JSONView`s instead.
public indirect enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A number by its text as written: `1.0`, `1e3` and long fractions stay what they are.
  case number(String)
  case string(String)
  case array([JSONValue])
  /// Members in the order written. After parsing, a repeated key has only its last value.
  case object([Member])

  /// A member of an object.
  public struct Member: Hashable, Sendable {
    /// The key.
    public var key: String
    /// The value.
    public var value: JSONValue

    /// Creates a member.
    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// Copies a value out of a tape.
  public init(_ view: JSONView) {
    switch view.kind {
    case .null: self = .null
    case .true: self = .bool(true)
    case .false: self = .bool(false)
    case .number: self = .number(view.text)
    case .string: self = .string(view.text)
    case .array: self = .array(view.elements.map(JSONValue.init))
    case .object:
      let members = view.members.map { Member($0.key.text, JSONValue($0.value)) }
      self = .object(view.node.flags.contains(.duplicateKeys) ? Self.lastOnes(members) : members)
    }
  }

  /// Parses one JSON text.
  ///
  /// - Throws: `JSONError` with the offset of the first byte that is wrong.
  public init(parsing bytes: [UInt8]) throws(JSONError) {
    var tape = JSONTape()
    var outcome: Result<JSONValue, JSONError> = .failure(JSONError(.empty, at: 0))
    bytes.withUnsafeBufferPointer { buffer in
      do throws(JSONError) {
        outcome = .success(JSONValue(try tape.parse(buffer)))
      } catch {
        outcome = .failure(error)
      }
    }
    self = try outcome.get()
  }

  /// Parses one JSON text.
  ///
  /// - Throws: `JSONError` with the offset of the first UTF-8 byte that is wrong.
  public init(parsing text: String) throws(JSONError) {
    try self.init(parsing: Array(text.utf8))
  }

  /// An object from its members.
  public static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(members.map { Member($0.key, $0.value) })
  }

  /// An integer.
  public static func number(_ value: Int) -> JSONValue { .number(String(value)) }

  /// The value of a member; nil when there is none or this is no object.
  public subscript(_ key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }

  /// The text of a string; nil for other kinds.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The value of a Boolean; nil for other kinds.
  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The value of a number written as an integer that fits; nil otherwise.
  public var int: Int? {
    if case .number(let text) = self { Int(text) } else { nil }
  }

  /// The nearest double to a number; nil for other kinds.
  public var double: Double? {
    if case .number(let text) = self { Double(text) } else { nil }
  }

  /// The elements of an array; nil for other kinds.
  public var array: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The members of an object in their order; nil for other kinds.
  public var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// Appends the value as compact JSON, strings in canonical escaped form.
  public func append(to output: inout ByteBuffer) {
    switch self {
    case .null: output.append("null")
    case .bool(let value): output.append(value ? "true" : "false")
    case .number(let text): output.append(text: text)
    case .string(let text): Self.append(quoted: text, to: &output)
    case .array(let elements):
      output.append(0x5B)
      for (position, element) in elements.enumerated() {
        if position > 0 { output.append(0x2C) }
        element.append(to: &output)
      }
      output.append(0x5D)
    case .object(let members):
      output.append(0x7B)
      for (position, member) in members.enumerated() {
        if position > 0 { output.append(0x2C) }
        Self.append(quoted: member.key, to: &output)
        output.append(0x3A)
        member.value.append(to: &output)
      }
      output.append(0x7D)
    }
  }

  /// The value as compact JSON.
  public var compact: String {
    var buffer = ByteBuffer()
    append(to: &buffer)
    return buffer.text
  }

  /// The value with the members of every object ordered by key (by UTF-8 bytes): two objects that differ
  /// only in order are the same.
  public var canonical: JSONValue {
    switch self {
    case .array(let elements): .array(elements.map(\.canonical))
    case .object(let members):
      .object(
        members.map { Member($0.key, $0.value.canonical) }
          .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    default: self
    }
  }

  private static func append(quoted text: String, to output: inout ByteBuffer) {
    var text = text
    output.append(0x22)
    text.withUTF8 { JSONEscape.append($0, to: &output) }
    output.append(0x22)
  }

  /// The members without those that a later one of the same key replaces.
  private static func lastOnes(_ members: [Member]) -> [Member] {
    var seen: Set<[UInt8]> = []
    return members.reversed().filter { seen.insert(Array($0.key.utf8)).inserted }.reversed()
  }
}
