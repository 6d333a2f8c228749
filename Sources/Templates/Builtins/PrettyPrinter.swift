/// `pprint`: what a value looks like, in lines of at most 80 characters, with the keys of dicts sorted.
struct PrettyPrinter {
  private static let width = 80
  private var output = ""

  /// The text of a value.
  static func text(_ value: Value, _ renderer: inout Renderer) throws(RenderError) -> String {
    var printer = PrettyPrinter()
    try printer.write(value, indent: 0, allowance: 0, level: 0, &renderer)
    return printer.output
  }

  private mutating func write(
    _ value: Value, indent: Int, allowance: Int, level: Int, _ renderer: inout Renderer
  ) throws(RenderError) {
    try renderer.descend()
    defer { renderer.ascend() }
    let line = try Self.repr(value, &renderer)
    guard line.unicodeScalars.count > Self.width - indent - allowance else {
      output += line
      return
    }
    switch value.shallow {
    case .dict(let dict):
      output += "{"
      try write(dict, indent: indent + 1, allowance: allowance + 1, level: level + 1, &renderer)
      output += "}"
    case .list(let list):
      output += "["
      try write(
        list.items, indent: indent + 1, allowance: allowance + 1, level: level + 1, &renderer)
      output += "]"
    case .tuple(let tuple) where !tuple.isGroup:
      let end = tuple.items.count == 1 ? ",)" : ")"
      output += "("
      try write(
        tuple.items, indent: indent + 1, allowance: allowance + end.utf8.count, level: level + 1,
        &renderer)
      output += end
    case .string(let text) where !text.isMarkup:
      write(text, line, indent: indent, allowance: allowance, isOutermost: level == 0)
    default: output += line
    }
  }

  private mutating func write(
    _ items: [Value], indent: Int, allowance: Int, level: Int, _ renderer: inout Renderer
  ) throws(RenderError) {
    for (position, item) in items.enumerated() {
      if position > 0 { output += ",\n" + String(repeating: " ", count: indent) }
      let isLast = position == items.count - 1
      try write(item, indent: indent, allowance: isLast ? allowance : 1, level: level, &renderer)
    }
  }

  private mutating func write(
    _ dict: DictValue, indent: Int, allowance: Int, level: Int, _ renderer: inout Renderer
  ) throws(RenderError) {
    let pairs = try Self.sorted(dict, &renderer)
    for (position, pair) in pairs.enumerated() {
      if position > 0 { output += ",\n" + String(repeating: " ", count: indent) }
      let key = try Self.repr(pair.key, &renderer)
      output += key + ": "
      let isLast = position == pairs.count - 1
      try write(
        pair.value, indent: indent + key.unicodeScalars.count + 2,
        allowance: isLast ? allowance : 1, level: level, &renderer)
    }
  }

  /// Cuts long text into several literals.
  private mutating func write(
    _ text: Text, _ line: String, indent: Int, allowance: Int, isOutermost: Bool
  ) {
    let indent = isOutermost ? indent + 1 : indent
    let allowance = isOutermost ? allowance + 1 : allowance
    let chunks = Self.chunks(of: text, width: Self.width - indent, allowance: allowance)
    guard chunks.count != 1 else {
      output += chunks[0]
      return
    }
    output += isOutermost ? "(" : ""
    output += chunks.joined(separator: "\n" + String(repeating: " ", count: indent))
    output += isOutermost ? ")" : ""
  }

  private static func chunks(of text: Text, width: Int, allowance: Int) -> [String] {
    var chunks: [String] = []
    let lines = text.lines(keepingEnds: true)
    for (position, line) in lines.enumerated() {
      let isLast = position == lines.count - 1
      let literal = repr(line)
      if literal.unicodeScalars.count <= width - (isLast ? allowance : 0) {
        chunks.append(literal)
        continue
      }
      var current = Text("")
      let parts = wordsWithSpace(line)
      for (number, part) in parts.enumerated() {
        let candidate = Text(bytes: current.bytes + part.bytes)
        let room = width - (isLast && number == parts.count - 1 ? allowance : 0)
        if repr(candidate).unicodeScalars.count > room {
          if !current.isEmpty { chunks.append(repr(current)) }
          current = part
        } else {
          current = candidate
        }
      }
      if !current.isEmpty { chunks.append(repr(current)) }
    }
    return chunks
  }

  private static func repr(_ text: Text) -> String {
    var bytes: [UInt8] = []
    text.appendRepr(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Words, each with the white space behind it.
  private static func wordsWithSpace(_ text: Text) -> [Text] {
    var words: [Text] = []
    var start = 0
    var position = 0
    var isInSpace = false
    while position < text.bytes.count {
      let length = Whitespace.length(in: text.bytes[...], at: position)
      if length == 0, isInSpace {
        words.append(Text(bytes: Array(text.bytes[start..<position])))
        start = position
      }
      isInSpace = length > 0
      position += max(length, 1)
    }
    return words + [Text(bytes: Array(text.bytes[start...]))]
  }

  private static func sorted(
    _ dict: DictValue, _ renderer: inout Renderer
  ) throws(RenderError) -> [(key: Value, value: Value)] {
    let pairs = DictView(dict: dict, part: .items).items
    let sorted = try renderer.sorted(pairs) { (pair: Value, _: inout Renderer) in
      if case .tuple(let pair) = pair { pair.items[0] } else { .none }
    }
    return sorted.compactMap { pair in
      if case .tuple(let pair) = pair { (pair.items[0], pair.items[1]) } else { nil }
    }
  }

  /// A value on one line.
  private static func repr(
    _ value: Value, _ renderer: inout Renderer
  ) throws(RenderError) -> String {
    try renderer.descend()
    defer { renderer.ascend() }
    switch value.shallow {
    case .dict(let dict):
      var parts: [String] = []
      for pair in try sorted(dict, &renderer) {
        parts.append(try repr(pair.key, &renderer) + ": " + repr(pair.value, &renderer))
      }
      return "{" + parts.joined(separator: ", ") + "}"
    case .list(let list):
      return "[" + (try repr(list.items, &renderer)).joined(separator: ", ") + "]"
    case .tuple(let tuple) where !tuple.isGroup:
      let parts = try repr(tuple.items, &renderer)
      return "(" + parts.joined(separator: ", ") + (parts.count == 1 ? ",)" : ")")
    default: return try renderer.text(repr: value)
    }
  }

  private static func repr(
    _ items: [Value], _ renderer: inout Renderer
  ) throws(RenderError) -> [String] {
    try renderer.count(iterations: items.count)
    var parts: [String] = []
    for item in items { parts.append(try repr(item, &renderer)) }
    return parts
  }
}
