/// Filters for HTML and URLs.
enum MarkupFilters {
  static let all: [Filter] = [
    Filter("escape", escape),
    Filter("forceescape", forceEscape),
    Filter("safe", safe),
    Filter("striptags", stripTags),
    Filter("urlencode", urlEncode),
    Filter("xmlattr", Parameters("autospace?"), attributes),
    Filter(
      "urlize",
      Parameters("trim_url_limit?", "nofollow?", "target?", "rel?", "extra_schemes?"), urlize),
  ]

  private static func escape(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value { .string(try renderer.text(value).escaped) }

  private static func forceEscape(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value { .string(try renderer.text(value).unmarked.escaped) }

  private static func safe(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    .string(Text(bytes: try renderer.text(value).bytes, isMarkup: true))
  }

  private static func stripTags(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let text = try renderer.text(value).unmarked
    let stripped = Text(bytes: withoutTags(text.bytes)).words()
    let joined = Array(stripped.map(\.bytes).joined(separator: [0x20]))
    guard let plain = HTMLEntities.decoded(joined) else {
      throw renderer.unsupported(
        "'striptags' meets a named HTML entity beyond the usual ones, which is not supported")
    }
    return .string(Text(bytes: plain))
  }

  private static func withoutTags(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    while let start = ByteSearch.first([0x3C], in: bytes, from: position) {
      let isComment = ByteSearch.isMatch(Array("<!--".utf8), in: bytes, at: start)
      let end =
        isComment
        ? ByteSearch.first(Array("-->".utf8), in: bytes, from: start + 4).map { $0 + 3 }
        : ByteSearch.first([0x3E], in: bytes, from: start).map { $0 + 1 }
      guard let end else { break }
      result += bytes[position..<start]
      position = end
    }
    return result + bytes[position...]
  }

  private static func urlEncode(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    switch value.shallow {
    case .string(let text): return .string(quoted(text, isQuery: false))
    case .none, .bool, .int, .big, .float:
      return .string(quoted(try renderer.text(value), isQuery: false))
    case .dict(let dict):
      return .string(
        try query(&renderer, DictView(dict: dict, part: .items).items))
    default: return .string(try query(&renderer, try renderer.items(of: value)))
    }
  }

  private static func query(
    _ renderer: inout Renderer, _ pairs: [Value]
  ) throws(RenderError) -> Text {
    var parts: [[UInt8]] = []
    for pair in pairs {
      let items = try renderer.items(of: pair, atMost: 3)
      guard items.count == 2 else {
        throw renderer.badValue("'urlencode' needs pairs of names and values")
      }
      let name = quoted(try renderer.text(items[0]), isQuery: true)
      let value = quoted(try renderer.text(items[1]), isQuery: true)
      parts.append(name.bytes + [0x3D] + value.bytes)
    }
    return Text(bytes: Array(parts.joined(separator: [0x26])))
  }

  private static func quoted(_ text: Text, isQuery: Bool) -> Text {
    var result: [UInt8] = []
    for byte in text.bytes {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: result.append(byte)
      case 0x2F where !isQuery: result.append(byte)
      case 0x20 where isQuery: result.append(0x2B)
      default:
        let digits = Array("0123456789ABCDEF".utf8)
        result += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return Text(bytes: result)
  }

  private static func attributes(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    guard case .dict(let dict) = value.shallow else {
      if case .undefined(let missing) = value { throw renderer.undefined(missing) }
      throw renderer.wrongType("'xmlattr' needs a mapping, not \(renderer.kind(of: value))")
    }
    var parts: [[UInt8]] = []
    for (key, value) in zip(dict.keys, dict.values) {
      switch value {
      case .none, .undefined: continue
      default: break
      }
      guard let name = key.text else { throw renderer.wrongType("'xmlattr' needs names of text") }
      let forbidden: Set<UInt8> = [0x20, 9, 10, 11, 12, 13, 0x2F, 0x3E, 0x3D]
      if name.bytes.contains(where: forbidden.contains) {
        throw renderer.badValue("'xmlattr' meets a name with a character that cannot stand in one")
      }
      let text = try renderer.text(value).escaped
      parts.append(name.escaped.bytes + Array("=\"".utf8) + text.bytes + [0x22])
    }
    var result = Array(parts.joined(separator: [0x20]))
    if !result.isEmpty, try renderer.isTrue(arguments[0] ?? .bool(true)) {
      result.insert(0x20, at: 0)
    }
    return .string(Text(bytes: result))
  }

  private static func urlize(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    var links = LinkMaker()
    links.lengthLimit = try arguments.given(0).map { value throws(RenderError) in
      try renderer.integer(value, or: 0, "trim_url_limit")
    }
    var relations = Set(arguments.given(3)?.text?.words() ?? [])
    if try renderer.isTrue(arguments[1] ?? .bool(false)) { relations.insert("nofollow") }
    relations.insert("noopener")
    let joined = relations.sorted().map(\.bytes).joined(separator: [0x20])
    links.attributes = " rel=\"" + Text(bytes: Array(joined)).escaped.string + "\""
    if let target = arguments.given(2)?.text, !target.isEmpty {
      links.attributes += " target=\"" + target.escaped.string + "\""
    }
    if let schemes = arguments.given(4) {
      for scheme in try renderer.items(of: schemes) {
        guard let name = scheme.text?.string, LinkMaker.isScheme(name) else {
          throw renderer.wrongArgument("'extra_schemes' must be like \"tel:\"")
        }
        links.schemes.append(name)
      }
    }
    return .string(Text(links.linked(try renderer.text(value).escaped.string)))
  }
}
