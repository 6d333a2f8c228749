/// Filters that lay text out: indented, centred, wrapped.
enum TextLayoutFilters {
  static let all: [Filter] = [
    Filter("center", Parameters("width?"), center),
    Filter("indent", Parameters("width?", "first?", "blank?"), indent),
    Filter(
      "wordwrap",
      Parameters("width?", "break_long_words?", "wrapstring?", "break_on_hyphens?"), wrap),
  ]

  private static func center(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let width = try renderer.integer(arguments[0], or: 80, "width")
    return .string(try renderer.padded(try renderer.text(value), width, " ", .center))
  }

  private static func indent(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    guard let text = value.text else {
      if case .undefined(let missing) = value { throw renderer.undefined(missing) }
      throw renderer.wrongType("'indent' needs text, not \(renderer.kind(of: value))")
    }
    let indentation: [UInt8]
    if let given = arguments[0]?.text {
      indentation = text.isMarkup && !given.isMarkup ? given.bytes : given.bytes
    } else {
      indentation = try renderer.repeated(
        [0x20], try renderer.integer(arguments[0], or: 4, "width"))
    }
    let isFirst = try renderer.isTrue(arguments[1] ?? .bool(false))
    let isBlank = try renderer.isTrue(arguments[2] ?? .bool(false))
    var result = isFirst ? indentation : []
    for (position, line) in text.alike(text.bytes + [0x0A]).lines().enumerated() {
      if position > 0 {
        result.append(0x0A)
        if isBlank || !line.isEmpty { result += indentation }
      }
      result += line.bytes
      try renderer.check(byteCount: result.count)
    }
    return .string(text.alike(result))
  }

  private static func wrap(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    guard let text = value.text else {
      if case .undefined(let missing) = value { throw renderer.undefined(missing) }
      throw renderer.wrongType("'wordwrap' needs text, not \(renderer.kind(of: value))")
    }
    let width = try renderer.integer(arguments[0], or: 79, "width")
    guard width > 0 || text.isEmpty else {
      throw renderer.badValue("'width' must be greater than 0")
    }
    let separator = try renderer.text(arguments.given(2) ?? .text("\n"))
    let wrapper = WordWrap(
      width: width, breaksLongWords: try renderer.isTrue(arguments[1] ?? .bool(true)),
      breaksOnHyphens: try renderer.isTrue(arguments[3] ?? .bool(true)))
    var result: [UInt8] = []
    for (position, paragraph) in text.lines().enumerated() {
      if position > 0 { result += separator.bytes }
      for (number, line) in wrapper.lines(of: paragraph).enumerated() {
        if number > 0 { result += separator.bytes }
        Text(line).bytes.withUnsafeBufferPointer { result += $0 }
      }
      try renderer.check(byteCount: result.count)
    }
    return .string(Text(bytes: result))
  }
}

/// Where text stands in a wider field.
enum Alignment { case left, right, center }

extension Renderer {
  /// Text filled up to a width, in characters.
  func padded(
    _ text: Text, _ width: Int, _ filler: Unicode.Scalar, _ alignment: Alignment
  ) throws(RenderError) -> Text {
    let missing = width - text.count
    guard missing > 0 else { return text }
    var unit: [UInt8] = []
    Text.append(filler, to: &unit)
    let before: Int
    switch alignment {
    case .left: before = 0
    case .right: before = missing
    case .center: before = missing / 2 + (missing & width & 1)
    }
    let left = try repeated(unit, before)
    return text.alike(left + text.bytes + (try repeated(unit, missing - before)))
  }
}
