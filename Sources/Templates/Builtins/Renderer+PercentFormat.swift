internal import Records

/// `"%s of %d" % values`: Python's older way to format text.
extension Renderer {
  /// The text with values in place of its `%` fields.
  mutating func percentFormat(_ format: Text, _ values: Value) throws(RenderError) -> Text {
    var fields = PercentFields(values)
    let scalars = format.scalars
    var result: [UInt8] = []
    var position = 0
    while position < scalars.count {
      guard scalars[position] == "%" else {
        Text.append(scalars[position], to: &result)
        position += 1
        continue
      }
      position += 1
      if position < scalars.count, scalars[position] == "%" {
        result.append(0x25)
        position += 1
        continue
      }
      result += try field(scalars, &position, &fields, isMarkup: format.isMarkup).bytes
      try check(byteCount: result.count)
    }
    if fields.hasUnused { throw badValue("there are more values than '%' fields") }
    return format.alike(result)
  }

  private mutating func field(
    _ format: [Unicode.Scalar], _ position: inout Int, _ fields: inout PercentFields,
    isMarkup: Bool
  ) throws(RenderError) -> Text {
    var named: Value?
    if position < format.count, format[position] == "(" {
      named = try self.named(format, &position, fields)
    }
    var flags: Set<Unicode.Scalar> = []
    while position < format.count, "#0- +".unicodeScalars.contains(format[position]) {
      flags.insert(format[position])
      position += 1
    }
    var width = try number(format, &position, &fields)
    if let given = width, given < 0 {
      flags.insert("-")
      width = -given
    }
    var precision: Int?
    if position < format.count, format[position] == "." {
      position += 1
      precision = max(try number(format, &position, &fields) ?? 0, 0)
    }
    while position < format.count, "hlL".unicodeScalars.contains(format[position]) { position += 1 }
    guard position < format.count else { throw badValue("a '%' field has no end") }
    let kind = Character(format[position])
    position += 1
    if kind == "%" { return "%" }
    guard let value = named ?? fields.next() else {
      throw badValue("there are fewer values than '%' fields")
    }
    let text = try converted(value, kind, flags, precision, width ?? 0, isMarkup: isMarkup)
    return try padded(text, width ?? 0, " ", flags.contains("-") ? .left : .right)
  }

  private mutating func named(
    _ format: [Unicode.Scalar], _ position: inout Int, _ fields: PercentFields
  ) throws(RenderError) -> Value {
    var depth = 1
    let start = position + 1
    position = start
    while position < format.count {
      if format[position] == "(" { depth += 1 }
      if format[position] == ")" { depth -= 1 }
      if depth == 0 { break }
      position += 1
    }
    guard position < format.count else { throw badValue("a '%' field has no end") }
    let name = Text(format[start..<position])
    position += 1
    guard case .dict(let dict) = fields.whole.shallow else {
      throw wrongType("'%' fields with names need a mapping")
    }
    guard let value = dict.get(.text(name)) else {
      throw badValue("there is no value '\(name.string)' for a '%' field")
    }
    return value
  }

  /// A width or precision: digits, or `*` for the next value.
  private func number(
    _ format: [Unicode.Scalar], _ position: inout Int, _ fields: inout PercentFields
  ) throws(RenderError) -> Int? {
    if position < format.count, format[position] == "*" {
      position += 1
      guard let value = fields.next(), case .int(let number) = Numbers.number(value) else {
        throw wrongType("'*' needs an integer")
      }
      return number
    }
    var number: Int?
    while position < format.count, let digit = format[position].properties.numericValue,
      format[position].isASCII
    {
      number = min((number ?? 0) * 10 + Int(digit), Int(Int32.max))
      position += 1
    }
    return number
  }

  private mutating func converted(
    _ value: Value, _ kind: Character, _ flags: Set<Unicode.Scalar>, _ precision: Int?,
    _ width: Int, isMarkup: Bool
  ) throws(RenderError) -> Text {
    switch kind {
    case "s", "r":
      var text = kind == "s" ? try self.text(value) : Text(try self.text(repr: value))
      if isMarkup { text = text.escaped }
      return precision.map { text.prefix($0) } ?? text
    case "c": return try character(value)
    case "d", "i", "u", "o", "x", "X":
      var layout = try integerLayout(value, kind, hasPrefix: flags.contains("#"))
      if let precision {
        try check(byteCount: precision)
        let missing = precision - layout.digits.utf8.count
        layout.digits = String(repeating: "0", count: max(missing, 0)) + layout.digits
      }
      return try laidOut(layout, flags, width)
    case "e", "E", "f", "F", "g", "G":
      guard let number = try float(value) else {
        throw wrongType("'%\(kind)' needs a number, not \(self.kind(of: value))")
      }
      try check(byteCount: precision ?? 0)
      let layout = NumberLayout(
        number, kind: kind, precision: precision ?? 6, keepsPoint: flags.contains("#"))
      return try laidOut(layout, flags, width)
    default: throw unsupported("the '%' field '%\(kind)' is not supported")
    }
  }

  private func laidOut(
    _ layout: NumberLayout, _ flags: Set<Unicode.Scalar>, _ width: Int
  ) throws(RenderError) -> Text {
    var layout = layout
    if flags.contains("+") {
      layout.showSign("+")
    } else if flags.contains(" ") {
      layout.showSign(" ")
    }
    try check(byteCount: width)
    let isFilled = flags.contains("0") && !flags.contains("-")
    return Text(isFilled ? layout.zeroFilled(width) : layout.text)
  }

  private func integerLayout(
    _ value: Value, _ kind: Character, hasPrefix: Bool
  ) throws(RenderError) -> NumberLayout {
    let isDecimal = "diu".contains(kind)
    let number: BigInteger
    switch Numbers.number(value.loaded) {
    case .int(let value): number = BigInteger(value)
    case .big(let value): number = value
    case .float(let value) where isDecimal && value.isFinite:
      number = BigInteger(truncating: value)
    case .undefined(let missing): throw undefined(missing)
    default: throw wrongType("'%\(kind)' needs a number, not \(self.kind(of: value))")
    }
    let base = isDecimal ? 10 : kind == "o" ? 8 : 16
    return NumberLayout(number, base: base, hasPrefix: hasPrefix, isUpper: kind == "X")
  }

  /// A number in floating point, nil for what is none.
  func float(_ value: Value) throws(RenderError) -> Double? {
    switch Numbers.number(value.loaded) {
    case .int(let value): return Double(value)
    case .float(let value): return value
    case .big(let value):
      guard let double = value.double else { throw badValue("the integer is too large") }
      return double
    case .undefined(let missing): throw undefined(missing)
    default: return nil
    }
  }

  private func character(_ value: Value) throws(RenderError) -> Text {
    if let text = value.text, text.count == 1 { return text.unmarked }
    if let code = integer(value), let code = UInt32(exactly: code),
      let scalar = Unicode.Scalar(code)
    {
      return Text([scalar])
    }
    throw wrongType("'%c' needs one character, or its number")
  }
}

/// The values for `%` fields, taken one after the other.
private struct PercentFields {
  /// All of them: a tuple, a mapping, or the only one.
  let whole: Value
  private let items: [Value]
  private var position = 0

  init(_ values: Value) {
    whole = values
    if case .tuple(let tuple) = values { items = tuple.items } else { items = [values] }
  }

  mutating func next() -> Value? {
    guard position < items.count else { return nil }
    position += 1
    return items[position - 1]
  }

  /// Whether values are left over that must not be; of a mapping or a list none must be used.
  var hasUnused: Bool {
    switch whole {
    case .dict, .list, .undefined, .range: false
    case .view(let view): view.kind == .string && position < items.count
    default: position < items.count
    }
  }
}
