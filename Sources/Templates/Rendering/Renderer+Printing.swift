internal import Records

/// What values look like: Python's `str` and `repr`.
extension Renderer {
  /// Appends a value as `{{ value }}` prints it.
  mutating func emit(
    _ value: Value, into output: inout ByteBuffer, _ escaping: Escaping
  ) throws(RenderError) {
    switch value {
    case .string(let text): append(text.bytes, to: &output, escaping)
    case .view(let view) where view.kind == .string:
      if escaping == .json {
        view.appendEscapedText(to: &output)
      } else {
        view.appendText(to: &output)
      }
    case .int(let value): output.append(decimal: value)
    case .bool(let value): output.append(value ? "True" : "False")
    case .none: output.append("None")
    case .undefined(let missing): append(try text(missing), to: &output, escaping)
    case .object(.module(let module)): append(module.text.bytes, to: &output, escaping)
    default:
      var bytes: [UInt8] = []
      try appendRepr(value, to: &bytes)
      append(bytes, to: &output, escaping)
    }
  }

  private func append(_ bytes: [UInt8], to output: inout ByteBuffer, _ escaping: Escaping) {
    if escaping == .json {
      bytes.withUnsafeBufferPointer { JSONEscape.append($0, to: &output) }
    } else {
      output.append(contentsOf: bytes)
    }
  }

  private func text(_ missing: UndefinedValue) throws(RenderError) -> [UInt8] {
    switch missing.policy {
    case .strict: throw undefined(missing)
    case .lenient, .chainable: return []
    case .debug:
      if missing.owner != nil || missing.reason != nil {
        throw unsupported("printing this undefined value is not supported")
      }
      return Array("{{ \(missing.name ?? "") }}".utf8)
    }
  }

  /// The text of a value: Python's `str`.
  ///
  /// Text stays marked as it is.
  mutating func text(_ value: Value) throws(RenderError) -> Text {
    if let text = value.text { return text }
    var buffer = ByteBuffer(capacity: 32)
    try emit(value, into: &buffer, .none)
    return Text(bytes: Array(buffer.bytes))
  }

  /// The text of a value as it stands in a list: Python's `repr`.
  mutating func text(repr value: Value) throws(RenderError) -> String {
    var bytes: [UInt8] = []
    try appendRepr(value, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends a value as it stands in a list.
  mutating func appendRepr(_ value: Value, to bytes: inout [UInt8]) throws(RenderError) {
    switch value.loaded {
    case .none, .missing: bytes += Array("None".utf8)
    case .bool(let value): bytes += Array((value ? "True" : "False").utf8)
    case .int(let value): bytes += Array(String(value).utf8)
    case .big(let value): bytes += try digits(of: value)
    case .float(let value): bytes += Array(FloatText.repr(value).utf8)
    case .string(let text): text.appendRepr(to: &bytes)
    case .undefined: bytes += Array("Undefined".utf8)
    case .object(let object): try appendRepr(object, to: &bytes)
    case .range(let range):
      let step = range.step == 1 ? "" : ", \(range.step)"
      bytes += Array("range(\(range.start), \(range.stop)\(step))".utf8)
    case .iterator(let iterator):
      throw unsupported(
        "a \(iterator.kind) cannot be printed", hint: "make it a list first: …|list")
    default: try appendRepr(container: value, to: &bytes)
    }
  }

  private func digits(of value: BigInteger) throws(RenderError) -> [UInt8] {
    let digits = Array(value.decimal.utf8)
    guard digits.count <= 4300 else {
      throw failure("limit-exceeded", "an integer of more than 4300 digits is not printed")
    }
    return digits
  }

  private mutating func appendRepr(
    container value: Value, to bytes: inout [UInt8]
  ) throws(RenderError) {
    try descend()
    defer { ascend() }
    try check(byteCount: bytes.count)
    switch value {
    case .list(let list): try append(list.items, "[", "]", to: &bytes)
    case .tuple(let tuple):
      try append(tuple.items, "(", tuple.items.count == 1 ? ",)" : ")", to: &bytes)
    case .dict(let dict): try append(dict, to: &bytes)
    case .dictView(let view):
      bytes += Array("dict_\(view.part.rawValue)".utf8)
      try append(view.items, "([", "])", to: &bytes)
    case .view:
      switch value.shallow {
      case .list(let list): try append(list.items, "[", "]", to: &bytes)
      case .dict(let dict): try append(dict, to: &bytes)
      default: break
      }
    default: break
    }
  }

  private mutating func append(
    _ items: [Value], _ open: String, _ close: String, to bytes: inout [UInt8]
  ) throws(RenderError) {
    try count(iterations: items.count)
    bytes += Array(open.utf8)
    for (position, item) in items.enumerated() {
      if position > 0 { bytes += [0x2C, 0x20] }
      try appendRepr(item, to: &bytes)
    }
    bytes += Array(close.utf8)
  }

  private mutating func append(_ dict: DictValue, to bytes: inout [UInt8]) throws(RenderError) {
    try count(iterations: dict.count)
    bytes.append(0x7B)
    for (position, key) in dict.keys.enumerated() {
      if position > 0 { bytes += [0x2C, 0x20] }
      try appendRepr(key, to: &bytes)
      bytes += [0x3A, 0x20]
      try appendRepr(dict.values[position], to: &bytes)
    }
    bytes.append(0x7D)
  }

  private mutating func appendRepr(
    _ object: TemplateObject, to bytes: inout [UInt8]
  ) throws(RenderError) {
    switch object {
    case .macro(let macro):
      let name = try macro.program.name.map { name throws(RenderError) in
        try text(repr: .text(name))
      }
      bytes += Array("<Macro \(name ?? "anonymous")>".utf8)
    case .namespace(let namespace):
      bytes += Array("<Namespace ".utf8)
      try append(namespace.members, to: &bytes)
      bytes.append(0x3E)
    case .loop(let loop):
      bytes += Array("<LoopContext \(loop.position + 1)/\(try loop.length(&self))>".utf8)
    case .method(let method):
      throw unsupported(
        "\(method.name) is a method here and cannot be printed",
        hint: "write \(method.name)() to call it, or [\"\(method.name)\"] for the member")
    default: throw unsupported("\(object.kind) cannot be printed")
    }
  }
}
