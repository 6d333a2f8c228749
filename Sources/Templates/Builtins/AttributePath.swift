/// What filters take as `attribute`: `"a.b.0"`, or a position.
struct AttributePath {
  private let parts: [Value]

  /// - Throws: `RenderError` when it is neither text nor an integer.
  init(_ value: Value, _ renderer: Renderer) throws(RenderError) {
    switch value.loaded {
    case .string(let text): self.init(text)
    case .int(let position): self.init(parts: [.int(position)])
    default:
      throw renderer.wrongArgument("an attribute is named by text or an integer")
    }
  }

  init(_ text: Text) {
    let parts: [Value] = text.parts(between: ".").map { part in
      let isNumber = !part.isEmpty && part.bytes.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
      return isNumber ? Value(BigInteger(digits: part.bytes) ?? BigInteger(0)) : .string(part)
    }
    self.init(parts: parts)
  }

  private init(parts: [Value]) { self.parts = parts }

  /// The value at the path; a fallback takes the place of what is undefined.
  func value(
    of item: Value, _ renderer: inout Renderer, or fallback: Value? = nil
  ) throws(RenderError) -> Value {
    var item = item
    for part in parts {
      item = try renderer.item(part, of: item)
      if let fallback, case .undefined = item { item = fallback }
    }
    return item
  }
}
