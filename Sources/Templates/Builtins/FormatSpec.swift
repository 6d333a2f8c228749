/// How a field of `str.format` is laid out: `{:>8.2f}`.
struct FormatSpec {
  var filler: Unicode.Scalar?
  var alignment: Unicode.Scalar?
  var sign: Unicode.Scalar?
  var isAlternate = false
  /// Whether the width begins with a zero.
  var isZeroFilled = false
  var width = 0
  var grouping: String?
  var precision: Int?
  var kind: Character?

  /// Nil when the text is no specification, or one that is not supported (`z`).
  init?(_ text: [Unicode.Scalar]) {
    var rest = text[...]
    let alignments = Set("<>=^".unicodeScalars)
    if rest.count >= 2, alignments.contains(rest[1]) {
      filler = rest.removeFirst()
      alignment = rest.removeFirst()
    } else if let first = rest.first, alignments.contains(first) {
      alignment = rest.removeFirst()
    }
    if let first = rest.first, "+- ".unicodeScalars.contains(first) { sign = rest.removeFirst() }
    if rest.first == "#" {
      isAlternate = true
      rest.removeFirst()
    }
    if rest.first == "0" {
      isZeroFilled = true
      rest.removeFirst()
    }
    width = Self.number(&rest) ?? 0
    if let first = rest.first, first == "," || first == "_" {
      grouping = String(rest.removeFirst())
    }
    if rest.first == "." {
      rest.removeFirst()
      guard let digits = Self.number(&rest) else { return nil }
      precision = digits
    }
    if let last = rest.popFirst() { kind = Character(last) }
    guard rest.isEmpty else { return nil }
  }

  private static func number(_ rest: inout ArraySlice<Unicode.Scalar>) -> Int? {
    var number: Int?
    while let first = rest.first, ("0"..."9").contains(first) {
      number = min((number ?? 0) * 10 + Int(first.value - 0x30), Int(Int32.max))
      rest.removeFirst()
    }
    return number
  }
}

extension Renderer {
  /// A value laid out: Python's `format`.
  mutating func formatted(
    _ value: Value, _ text: [Unicode.Scalar]
  ) throws(RenderError) -> Text {
    let value = value.loaded
    if text.isEmpty { return try self.text(value).unmarked }
    guard let spec = FormatSpec(text) else {
      throw unsupported("the format '\(Text(text).string)' is not supported")
    }
    try check(byteCount: max(spec.width, spec.precision ?? 0))
    switch Numbers.number(value) {
    case .string(let text): return try formatted(text: text, spec)
    case .int(let number): return try formatted(BigInteger(number), spec)
    case .big(let number): return try formatted(number, spec)
    case .float(let number): return try formatted(number, spec)
    case .undefined(let missing): throw undefined(missing)
    default: throw wrongType("\(kind(of: value)) takes no format")
    }
  }

  private func formatted(text: Text, _ spec: FormatSpec) throws(RenderError) -> Text {
    guard spec.kind == nil || spec.kind == "s", spec.sign == nil, !spec.isAlternate,
      spec.grouping == nil, spec.alignment != "="
    else { throw badValue("this format is not for text") }
    let cut = spec.precision.map { text.prefix($0) } ?? text
    let filler = spec.filler ?? (spec.isZeroFilled ? "0" : " ")
    return try padded(cut.unmarked, spec.width, filler, Self.alignment(spec, or: .left))
  }

  private static func alignment(_ spec: FormatSpec, or usual: Alignment) -> Alignment {
    switch spec.alignment {
    case "<": .left
    case ">": .right
    case "^": .center
    default: usual
    }
  }

  private func formatted(_ value: BigInteger, _ spec: FormatSpec) throws(RenderError) -> Text {
    let bases: [Character: Int] = ["b": 2, "o": 8, "x": 16, "X": 16, "d": 10, "n": 10]
    let kind = spec.kind ?? "d"
    if kind == "c" { return try formatted(character: value, spec) }
    guard let base = bases[kind] else {
      guard "eEfFgG%".contains(kind) else {
        throw badValue("the format '\(kind)' is not for integers")
      }
      guard let double = value.double else { throw badValue("the integer is too large") }
      return try formatted(double, spec)
    }
    guard spec.precision == nil else { throw badValue("integers take no precision") }
    guard spec.grouping == nil || kind != "n", spec.grouping != "," || base == 10 else {
      throw badValue("this format takes no ','")
    }
    var layout = NumberLayout(
      value, base: base, hasPrefix: spec.isAlternate, isUpper: kind == "X")
    return try laidOut(&layout, spec, groupSize: base == 10 ? 3 : 4)
  }

  private func formatted(
    character value: BigInteger, _ spec: FormatSpec
  ) throws(RenderError) -> Text {
    guard spec.precision == nil, spec.sign == nil, !spec.isAlternate, spec.grouping == nil,
      spec.alignment != "=", let code = value.int.flatMap({ UInt32(exactly: $0) }),
      let scalar = Unicode.Scalar(code)
    else { throw badValue("this format needs the number of a character") }
    let filler = spec.filler ?? (spec.isZeroFilled ? "0" : " ")
    let usual: Alignment = spec.isZeroFilled && spec.alignment == nil ? .right : .left
    return try padded(Text([scalar]), spec.width, filler, Self.alignment(spec, or: usual))
  }

  private func formatted(_ value: Double, _ spec: FormatSpec) throws(RenderError) -> Text {
    var layout: NumberLayout
    switch spec.kind {
    case nil:
      guard spec.precision == nil, !spec.isAlternate else {
        throw unsupported("a precision without a letter is not supported", hint: "write .2f or .2g")
      }
      layout = NumberLayout(
        sign: value.sign == .minus && !value.isNaN ? "-" : "",
        digits: FloatText.repr(value.magnitude))
    case "%":
      layout = NumberLayout(value * 100, kind: "f", precision: spec.precision ?? 6)
      layout.digits += "%"
    case let kind? where "eEfFgG".contains(kind):
      layout = NumberLayout(
        value, kind: kind, precision: spec.precision ?? 6, keepsPoint: spec.isAlternate)
    case "n":
      layout = NumberLayout(value, kind: "g", precision: spec.precision ?? 6)
    default: throw badValue("this format is not for numbers with a fraction")
    }
    return try laidOut(&layout, spec, groupSize: 3)
  }

  private func laidOut(
    _ layout: inout NumberLayout, _ spec: FormatSpec, groupSize: Int
  ) throws(RenderError) -> Text {
    if let sign = spec.sign, sign != "-" { layout.showSign(String(sign)) }
    let fillsInside =
      spec.alignment == "=" || (spec.alignment == nil && spec.isZeroFilled)
    if let grouping = spec.grouping {
      if fillsInside, spec.width > 0 {
        throw unsupported("groups of digits with zeros before them are not supported")
      }
      layout.group(by: groupSize, grouping)
    }
    let filler = spec.filler ?? (spec.isZeroFilled ? "0" : " ")
    guard fillsInside else {
      return try padded(Text(layout.text), spec.width, filler, Self.alignment(spec, or: .right))
    }
    let missing = spec.width - layout.text.unicodeScalars.count
    let fill = String(repeating: String(filler), count: max(missing, 0))
    return Text(layout.sign + layout.prefix + fill + layout.digits)
  }
}
