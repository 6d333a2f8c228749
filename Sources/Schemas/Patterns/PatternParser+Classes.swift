/// Escapes and character classes.
extension PatternParser {
  /// One side of a range, or a whole set, inside a class.
  private enum ClassAtom {
    case scalar(UInt32)
    case set(ScalarSet)
  }

  mutating func parseClass() throws(PatternError) -> ScalarSet {
    position += 1
    let isInverted = take("^" as Unicode.Scalar)
    var set = ScalarSet()
    while let next = current, next != 0x5D {
      let first = try parseClassAtom()
      guard current == 0x2D, let after = peek(1), after != 0x5D else {
        add(first, to: &set)
        continue
      }
      position += 1
      let second = try parseClassAtom()
      if case .scalar(let low) = first, case .scalar(let high) = second {
        guard low <= high else {
          throw PatternError(sentence: "has a range whose ends are swapped")
        }
        set.insert(low...high)
      } else if strictness == .tolerant {
        add(first, to: &set)
        add(.scalar(0x2D), to: &set)
        add(second, to: &set)
      } else {
        throw PatternError(sentence: "has a range with a class for an end")
      }
    }
    guard take("]" as Unicode.Scalar) else {
      throw PatternError(sentence: "has a \"[\" without its \"]\"")
    }
    return set.finished(inverted: isInverted)
  }

  private func add(_ atom: ClassAtom, to set: inout ScalarSet) {
    switch atom {
    case .scalar(let value): set.insert(value...value)
    case .set(let other): set.formUnion(other)
    }
  }

  private mutating func parseClassAtom() throws(PatternError) -> ClassAtom {
    guard let next = current else { throw PatternError(sentence: "ends inside a class") }
    guard next == 0x5C else {
      position += 1
      return .scalar(next)
    }
    if take("\\b") { return .scalar(8) }
    if take("\\-") { return .scalar(0x2D) }
    if let set = try parseClassEscape() { return .set(set) }
    return .scalar(try parseCharacterEscape())
  }

  /// An escape outside classes.
  mutating func parseEscape() throws(PatternError) -> PatternNode {
    if let set = try parseClassEscape() { return .set(set.finished(inverted: false)) }
    if let next = peek(1), next >= 0x31, next <= 0x39 {
      position += 1
      largestBackreference = max(largestBackreference, parseNumber() ?? 0)
      return .backreference
    }
    if take("\\k<") {
      namedBackreferences.insert(try parseGroupName())
      return .backreference
    }
    return .scalar(try parseCharacterEscape())
  }

  /// `\d`, `\p{…}` and their like; nil when something else comes.
  private mutating func parseClassEscape() throws(PatternError) -> ScalarSet? {
    guard let letter = peek(1).flatMap(Unicode.Scalar.init) else { return nil }
    let set: ScalarSet
    switch letter {
    case "d", "D": set = Self.digits
    case "w", "W": set = Self.wordCharacters
    case "s", "S": set = Self.spaces
    case "p", "P": return try parseProperty(isInverted: letter == "P")
    default: return nil
    }
    position += 2
    return letter.properties.isUppercase ? set.complement : set
  }

  private mutating func parseProperty(isInverted: Bool) throws(PatternError) -> ScalarSet {
    position += 2
    var name = String.UnicodeScalarView()
    guard take("{" as Unicode.Scalar) else {
      throw PatternError(sentence: "has \\p without a property in braces")
    }
    while let next = current, next != 0x7D, let scalar = Unicode.Scalar(next) {
      name.append(scalar)
      position += 1
    }
    guard take("}" as Unicode.Scalar) else {
      throw PatternError(sentence: "has \\p without a property in braces")
    }
    switch UnicodeProperty.meaning(of: String(name)) {
    case .set(let set): return isInverted ? set.complement : set
    case .unsupported:
      throw PatternError(
        sentence: "uses the Unicode property \"\(String(name))\", for which there are no data here",
        isUnsupported: true)
    case .unknown:
      throw PatternError(
        sentence: "uses a Unicode property \"\(String(name))\" that does not exist")
    }
  }

  /// An escape that stands for one scalar.
  private mutating func parseCharacterEscape() throws(PatternError) -> UInt32 {
    position += 1
    guard let letter = current else { throw PatternError(sentence: "ends with a backslash") }
    position += 1
    switch Unicode.Scalar(letter) {
    case "t": return 9
    case "n": return 10
    case "v": return 11
    case "f": return 12
    case "r": return 13
    case "0":
      if let next = current, next >= 0x30, next <= 0x39 {
        throw PatternError(sentence: "has an octal escape", hint: "write \\xHH")
      }
      return 0
    case "c":
      guard let control = current, (control | 0x20) >= 0x61, (control | 0x20) <= 0x7A else {
        throw PatternError(sentence: "has \\c without a letter")
      }
      position += 1
      return control & 31
    case "x": return try parseHexadecimal(digits: 2)
    case "u": return try parseUnicodeEscape()
    default: return try identity(letter)
    }
  }

  private func identity(_ letter: UInt32) throws(PatternError) -> UInt32 {
    if Self.isOneOf(letter, "^$\\.*+?()[]{}|/") { return letter }
    let isWordCharacter = Self.wordCharacters.ranges.contains { $0.contains(letter) }
    if strictness == .tolerant, !isWordCharacter || letter == 0x5F { return letter }
    let shown = Unicode.Scalar(letter).map { String(Character($0)) } ?? ""
    let hints = ["A": "write ^", "Z": "write $", "z": "write $", "h": "write [0-9a-fA-F]"]
    throw PatternError(
      sentence: "has the escape \\\(shown), which ECMA-262 does not know", hint: hints[shown])
  }

  private mutating func parseHexadecimal(digits: Int) throws(PatternError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard
        let digit = current.flatMap(Unicode.Scalar.init).flatMap({ Character($0).hexDigitValue }),
        scalars[position] < 0x80
      else { throw PatternError(sentence: "has an escape with too few hexadecimal digits") }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private mutating func parseUnicodeEscape() throws(PatternError) -> UInt32 {
    if take("{" as Unicode.Scalar) {
      var value: UInt32 = 0
      var count = 0
      while current != 0x7D {
        value = value << 4 | (try parseHexadecimal(digits: 1))
        count += 1
        guard value <= ScalarSet.last else {
          throw PatternError(sentence: "has an escape beyond U+10FFFF")
        }
      }
      position += 1
      guard count > 0 else { throw PatternError(sentence: "has an empty escape \\u{}") }
      return value
    }
    let unit = try parseHexadecimal(digits: 4)
    guard unit >= 0xD800, unit < 0xDC00, current == 0x5C, peek(1) == 0x75, peek(2) != 0x7B else {
      return unit
    }
    let before = position
    position += 2
    let low = try parseHexadecimal(digits: 4)
    guard low >= 0xDC00, low < 0xE000 else {
      position = before
      return unit
    }
    return 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
  }

  private static let digits = ScalarSet([0x30...0x39])
  private static let wordCharacters = ScalarSet([
    0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A,
  ])
  /// White space and line ends of ECMA-262.
  private static let spaces = ScalarSet([
    0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029,
    0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
  ])
}
