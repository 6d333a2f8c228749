internal import Records

/// Values as JSON on a tape.
extension Renderer {
  /// Appends a value to what is being built.
  mutating func build(_ value: Value, on tape: inout JSONTape) throws(RenderError) {
    switch value {
    case .none: tape.buildNull()
    case .bool(let value): tape.buildBool(value)
    case .int(let value): tape.buildNumber(Int64(value))
    case .big(let value):
      Array(value.decimal.utf8).withUnsafeBufferPointer { tape.buildNumber($0) }
    case .float(let value):
      guard value.isFinite else {
        throw failure("not-json", "the value is not a finite number, which JSON cannot hold")
      }
      Array(FloatText.repr(value).utf8).withUnsafeBufferPointer { tape.buildNumber($0) }
    case .string(let text): text.bytes.withUnsafeBufferPointer { tape.buildString($0) }
    case .view(let view): tape.build(view)
    case .list(let list): try build(list.items, on: &tape)
    case .tuple(let tuple): try build(tuple.items, on: &tape)
    case .range, .iterator, .dictView: try build(try items(of: value), on: &tape)
    case .dict(let dict): try build(dict, on: &tape)
    case .undefined(let missing): throw undefined(missing)
    case .object(let object): throw failure("not-json", "\(object.kind) has no form in JSON")
    case .missing: throw failure("not-json", "nothing has no form in JSON")
    }
  }

  private mutating func build(
    _ items: [Value], on tape: inout JSONTape
  ) throws(RenderError) {
    try descend()
    defer { ascend() }
    tape.beginArray()
    for item in items { try build(item, on: &tape) }
    tape.end()
  }

  private mutating func build(_ dict: DictValue, on tape: inout JSONTape) throws(RenderError) {
    try descend()
    defer { ascend() }
    tape.beginObject()
    for (key, value) in zip(dict.keys, dict.values) {
      let name: Text
      switch key.loaded {
      case .string(let text): name = text
      case .int(let value): name = Text(String(value))
      default: throw failure("not-json", "\(kind(of: key)) cannot be a key in JSON")
      }
      tape.buildKey(at: name.bytes.withUnsafeBufferPointer { tape.appendBytes($0) })
      try build(value, on: &tape)
    }
    tape.end()
  }
}
