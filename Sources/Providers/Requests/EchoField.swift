public import Records

/// A short code of its record that a request shows and its answer repeats: an answer that was put beside another request's
/// id is found by it.
///
/// No part of an answer's identity: neither the prompt's code nor the schema's field.
public struct EchoField: Hashable, Sendable {
  /// The field of the answer; it is taken away before the answer is checked.
  public static let name = "record_code"

  private static let digitCount = 8

  /// Creates the field.
  public init() {}

  /// An answer schema in lowered form with the field, as the first one; nil when the schema is not one of an object with
  /// properties.
  public func added(to schema: JSONValue) -> JSONValue? {
    guard var members = schema.members, schema["type"] == .string("object"),
      let properties = schema["properties"]?.members
    else { return nil }
    let code = JSONValue.Member(
      Self.name,
      .object([
        "type": .string("string"),
        "description": .string("Copy of <\(Self.name)>, which stands at the end of the request."),
      ]))
    let required = schema["required"]?.array ?? []
    Self.set("properties", .object([code] + properties), in: &members)
    Self.set("required", .array([.string(Self.name)] + required), in: &members)
    return .object(members)
  }

  private static func set(
    _ key: String, _ value: JSONValue, in members: inout [JSONValue.Member]
  ) {
    guard let place = members.lastIndex(where: { $0.key == key }) else {
      members.append(JSONValue.Member(key, value))
      return
    }
    members[place].value = value
  }

  /// Appends what the prompt says of the code, in escaped form.
  func appendInstruction(
    for customID: UnsafeBufferPointer<UInt8>, to buffer: inout ByteBuffer
  ) {
    buffer.append("\\n\\n<record_code>")
    Self.appendCode(of: customID, to: &buffer)
    buffer.append("</record_code>\\nCopy this code exactly into record_code of the answer.")
  }

  /// Whether a code is that of a request.
  public func isCode(
    _ code: UnsafeBufferPointer<UInt8>, of customID: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    var own = ByteBuffer(capacity: Self.digitCount)
    Self.appendCode(of: customID, to: &own)
    return own.bytes.elementsEqual(code)
  }

  /// Appends the code of a request: the first forty bits of its id's hash, five a digit.
  static func appendCode(
    of customID: UnsafeBufferPointer<UInt8>, to buffer: inout ByteBuffer
  ) {
    var bits = ContentHash(of: customID).high
    for _ in 0..<digitCount {
      let five = UInt8(bits >> 59)
      buffer.append(five < 26 ? 0x61 + five : 0x32 + five - 26)
      bits <<= 5
    }
  }
}
