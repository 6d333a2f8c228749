/// `"{} of {name:>8}".format(…)`.
extension Renderer {
  /// The text with values in place of its braces.
  mutating func braceFormat(_ format: Text, _ arguments: Arguments) throws(RenderError) -> Text {
    var numbering = BraceNumbering()
    let bytes = try braceFormat(
      format.scalars[...], arguments, &numbering, isMarkup: format.isMarkup, depth: 2)
    return format.alike(bytes)
  }

  private mutating func braceFormat(
    _ format: ArraySlice<Unicode.Scalar>, _ arguments: Arguments,
    _ numbering: inout BraceNumbering, isMarkup: Bool, depth: Int
  ) throws(RenderError) -> [UInt8] {
    var result: [UInt8] = []
    var rest = format
    while let scalar = rest.popFirst() {
      guard scalar == "{" || scalar == "}" else {
        Text.append(scalar, to: &result)
        continue
      }
      if rest.first == scalar {
        rest.removeFirst()
        Text.append(scalar, to: &result)
        continue
      }
      guard scalar == "{" else { throw badValue("a single '}' stands in a format") }
      let inner = try braceField(&rest)
      result += try value(
        ofField: inner, arguments, &numbering, isMarkup: isMarkup, depth: depth
      ).bytes
      try check(byteCount: result.count)
    }
    return result
  }

  /// What stands between two braces.
  private func braceField(
    _ rest: inout ArraySlice<Unicode.Scalar>
  ) throws(RenderError) -> ArraySlice<Unicode.Scalar> {
    var depth = 1
    for (offset, scalar) in rest.enumerated() {
      if scalar == "{" { depth += 1 }
      if scalar == "}" { depth -= 1 }
      if depth == 0 {
        defer { rest = rest.dropFirst(offset + 1) }
        return rest.prefix(offset)
      }
    }
    throw badValue("a '{' in a format is never closed")
  }

  private mutating func value(
    ofField field: ArraySlice<Unicode.Scalar>, _ arguments: Arguments,
    _ numbering: inout BraceNumbering, isMarkup: Bool, depth: Int
  ) throws(RenderError) -> Text {
    let end = field.firstIndex { $0 == "!" || $0 == ":" } ?? field.endIndex
    var value = try lookUp(field[..<end], arguments, &numbering)
    var rest = field[end...]
    if rest.first == "!" {
      rest.removeFirst()
      guard let conversion = rest.popFirst(), rest.isEmpty || rest.first == ":" else {
        throw badValue("a format ends after '!'")
      }
      switch conversion {
      case "s": value = .string(try text(value))
      case "r": value = .text(try text(repr: value))
      default: throw unsupported("the conversion '!\(conversion)' is not supported")
      }
    }
    if depth == 1, rest.contains("{") { throw badValue("braces are nested too deep in a format") }
    let spec = try braceFormat(
      rest.dropFirst(), arguments, &numbering, isMarkup: false, depth: depth - 1)
    if isMarkup, case .string(let text) = value, text.isMarkup {
      guard spec.isEmpty else { throw badValue("markup takes no format") }
      return text
    }
    let text = try formatted(value, Text(bytes: spec).scalars)
    return isMarkup ? text.escaped : text
  }

  private mutating func lookUp(
    _ path: ArraySlice<Unicode.Scalar>, _ arguments: Arguments,
    _ numbering: inout BraceNumbering
  ) throws(RenderError) -> Value {
    let nameEnd = path.firstIndex { $0 == "." || $0 == "[" } ?? path.endIndex
    let name = Text(path[..<nameEnd])
    var value = try first(name, arguments, &numbering)
    var rest = path[nameEnd...]
    while let mark = rest.popFirst() {
      if mark == "." {
        let end = rest.firstIndex { $0 == "." || $0 == "[" } ?? rest.endIndex
        let member = Text(rest[..<end]).string
        guard let found = try ownMember(member, of: value) else {
          throw badValue("there is no member '\(member)' for a format", hint: "write {0[name]}")
        }
        value = found
        rest = rest[end...]
      } else {
        guard mark == "[", let end = rest.firstIndex(of: "]") else {
          throw badValue("a format has a '[' that is never closed")
        }
        let key = Text(rest[..<end])
        let isNumber =
          !key.isEmpty && key.bytes.allSatisfy { ("0"..."9").contains(Unicode.Scalar($0)) }
        value = try item(
          isNumber ? Value(BigInteger(digits: key.bytes) ?? BigInteger(0)) : .string(key), of: value
        )
        if case .undefined = value { throw badValue("there is no element for a format") }
        rest = rest[rest.index(after: end)...]
      }
    }
    return value
  }

  private func first(
    _ name: Text, _ arguments: Arguments, _ numbering: inout BraceNumbering
  ) throws(RenderError) -> Value {
    let isNumber = name.bytes.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    guard isNumber else {
      guard let found = arguments.named.first(where: { $0.name == name }) else {
        throw badValue("there is no value '\(name.string)' for a format")
      }
      return found.value
    }
    guard let position = numbering.position(name) else {
      throw badValue("a format mixes '{}' and '{0}'")
    }
    guard position < arguments.positional.count else {
      throw badValue("there are fewer values than fields in a format")
    }
    return arguments.positional[position]
  }
}

/// Counts `{}`; either all fields have numbers or none.
private struct BraceNumbering {
  private var next = 0
  private var isManual: Bool?

  mutating func position(_ name: Text) -> Int? {
    let isManual = !name.isEmpty
    if let known = self.isManual, known != isManual { return nil }
    self.isManual = isManual
    if isManual { return Int(name.string) }
    next += 1
    return next - 1
  }
}
