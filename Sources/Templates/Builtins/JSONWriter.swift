/// `tojson`: JSON as Python's `json.dumps` writes it with sorted keys.
struct JSONWriter {
  private let indent: [UInt8]?
  private var depth = 0
  private var bytes: [UInt8] = []

  /// - Parameter indent: What a level is indented by; nil for everything on one line.
  init(indent: [UInt8]?) { self.indent = indent }

  /// What was written, with `<`, `>`, `&` and `'` as escapes.
  var safeForHTML: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes {
      switch byte {
      case 0x3C: result += Array("\\u003c".utf8)
      case 0x3E: result += Array("\\u003e".utf8)
      case 0x26: result += Array("\\u0026".utf8)
      case 0x27: result += Array("\\u0027".utf8)
      default: result.append(byte)
      }
    }
    return result
  }

  /// Writes a value.
  mutating func write(_ value: Value, _ renderer: inout Renderer) throws(RenderError) {
    try renderer.check(byteCount: bytes.count)
    switch value.shallow {
    case .none: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .int(let value): append(String(value))
    case .big(let value): append(value.decimal)
    case .float(let value): append(Self.text(value))
    case .string(let text): append(text)
    case .list(let list): try write(list.items, &renderer)
    case .tuple(let tuple): try write(tuple.items, &renderer)
    case .dict(let dict): try write(dict, &renderer)
    case .undefined(let missing):
      throw missing.policy == .strict
        ? renderer.undefined(missing) : renderer.wrongType("an undefined value has no JSON")
    default: throw renderer.wrongType("\(renderer.kind(of: value)) has no JSON")
    }
  }

  private mutating func append(_ text: String) { bytes += Array(text.utf8) }

  private static func text(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    return FloatText.repr(value)
  }

  /// Appends text in quotes, everything beyond ASCII as escapes.
  private mutating func append(_ text: Text) {
    bytes.append(0x22)
    for unit in text.string.utf16 {
      switch unit {
      case 0x22: append("\\\"")
      case 0x5C: append("\\\\")
      case 0x0A: append("\\n")
      case 0x0D: append("\\r")
      case 0x09: append("\\t")
      case 0x08: append("\\b")
      case 0x0C: append("\\f")
      case 0x20..<0x7F: bytes.append(UInt8(unit))
      default:
        let digits = String(unit, radix: 16)
        append("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
      }
    }
    bytes.append(0x22)
  }

  private mutating func newLine() {
    guard let indent else { return }
    bytes.append(0x0A)
    for _ in 0..<depth { bytes += indent }
  }

  private mutating func write(
    _ items: [Value], _ renderer: inout Renderer
  ) throws(RenderError) {
    guard !items.isEmpty else { return append("[]") }
    try renderer.count(iterations: items.count)
    try renderer.descend()
    bytes.append(0x5B)
    depth += 1
    for (position, item) in items.enumerated() {
      if position > 0 { append(indent == nil ? ", " : ",") }
      newLine()
      try write(item, &renderer)
    }
    depth -= 1
    newLine()
    bytes.append(0x5D)
    renderer.ascend()
  }

  private mutating func write(
    _ dict: DictValue, _ renderer: inout Renderer
  ) throws(RenderError) {
    guard dict.count > 0 else { return append("{}") }
    try renderer.count(iterations: dict.count)
    try renderer.descend()
    let pairs: [Value] = zip(dict.keys, dict.values).map { .tuple([$0, $1]) }
    let sorted = try renderer.sorted(pairs) { (pair: Value, _: inout Renderer) in
      if case .tuple(let tuple) = pair { tuple.items[0] } else { .none }
    }
    bytes.append(0x7B)
    depth += 1
    for (position, pair) in sorted.enumerated() {
      guard case .tuple(let pair) = pair else { continue }
      if position > 0 { append(indent == nil ? ", " : ",") }
      newLine()
      append(try key(pair.items[0], renderer))
      append(": ")
      try write(pair.items[1], &renderer)
    }
    depth -= 1
    newLine()
    bytes.append(0x7D)
    renderer.ascend()
  }

  /// A key of an object: text, or what JSON makes text of.
  private func key(_ value: Value, _ renderer: Renderer) throws(RenderError) -> Text {
    switch value.loaded {
    case .string(let text): return text
    case .none: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .int(let value): return Text(String(value))
    case .big(let value): return Text(value.decimal)
    case .float(let value): return Text(Self.text(value))
    default: throw renderer.wrongType("\(renderer.kind(of: value)) cannot be a key in JSON")
    }
  }
}

extension Renderer {
  /// What `tojson` is indented by.
  func indent(_ value: Value?) throws(RenderError) -> [UInt8]? {
    guard let value else { return nil }
    if let text = value.text { return text.bytes }
    return try repeated([0x20], try integer(value, or: 0, "indent"))
  }
}
