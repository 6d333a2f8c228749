internal import Records

extension JSONView {
  /// The value of the member with a literal name; nil when there is none, it is null, or this is no object.
  @inline(__always) func member(_ name: StaticString) -> JSONView? {
    guard let value = self[utf8: UnsafeBufferPointer(name)], !value.isNull else { return nil }
    return value
  }

  /// Whether this is a string of exactly this text.
  @inline(__always) func isText(_ text: StaticString) -> Bool {
    kind == .string && hasText(UnsafeBufferPointer(text))
  }

  /// A count: a number of up to 18 digits without sign, fraction and exponent; 0 for anything else.
  var countValue: Int {
    guard kind == .number, rawBytes.count <= 18 else { return 0 }
    var value = 0
    for byte in rawBytes {
      guard (0x30...0x39).contains(byte) else { return 0 }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }

  /// The member when it is a string, else nil.
  @inline(__always) func string(_ name: StaticString) -> JSONView? {
    guard let value = member(name), value.kind == .string else { return nil }
    return value
  }
}
