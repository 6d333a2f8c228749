/// Reads a regular expression of ECMA-262 in Unicode mode.
struct PatternParser {
  /// How much of what engines without Unicode mode accept is accepted.
  enum Strictness {
    /// Nothing: what the `regex` format asks for.
    case unicodeMode
    /// Needless escapes of punctuation and lone brackets, whose meaning is never in doubt: what
    /// people write into `pattern`.
    case tolerant
  }

  let strictness: Strictness
  var scalars: [UInt32]
  var position = 0
  var groupCount = 0
  var groupNames: Set<String> = []
  var largestBackreference = 0
  var namedBackreferences: Set<String> = []
  private var depth = 0

  init(_ source: String, strictness: Strictness) {
    self.strictness = strictness
    scalars = source.unicodeScalars.map(\.value)
  }

  mutating func parse() throws(PatternError) -> PatternNode {
    let node = try parseAlternatives()
    if position < scalars.count { throw PatternError(sentence: "has a \")\" without its \"(\"") }
    guard largestBackreference <= groupCount, namedBackreferences.isSubset(of: groupNames) else {
      throw PatternError(sentence: "refers to a group that does not exist")
    }
    return node
  }

  // MARK: Reading scalars

  var current: UInt32? { position < scalars.count ? scalars[position] : nil }

  func peek(_ offset: Int) -> UInt32? {
    position + offset < scalars.count ? scalars[position + offset] : nil
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard current == character.value else { return false }
    position += 1
    return true
  }

  mutating func take(_ text: String) -> Bool {
    let wanted = text.unicodeScalars.map(\.value)
    guard scalars[position...].starts(with: wanted) else { return false }
    position += wanted.count
    return true
  }

  static func isOneOf(_ value: UInt32, _ text: String) -> Bool {
    text.unicodeScalars.contains { $0.value == value }
  }

  // MARK: Structure

  private mutating func parseAlternatives() throws(PatternError) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 200 else {
      throw PatternError(sentence: "is nested too deep", isUnsupported: true)
    }
    var alternatives = [try parseSequence()]
    while take("|" as Unicode.Scalar) { alternatives.append(try parseSequence()) }
    return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
  }

  private mutating func parseSequence() throws(PatternError) -> PatternNode {
    var terms: [PatternNode] = []
    while let next = current, next != 0x7C, next != 0x29 { terms.append(try parseTerm()) }
    return terms.count == 1 ? terms[0] : terms.isEmpty ? .empty : .sequence(terms)
  }

  private mutating func parseTerm() throws(PatternError) -> PatternNode {
    if let assertion = try parseAssertion() {
      if let next = current, Self.isOneOf(next, "*+?") {
        throw PatternError(sentence: "repeats an assertion")
      }
      return assertion
    }
    return try parseQuantifier(after: try parseAtom())
  }

  private mutating func parseAssertion() throws(PatternError) -> PatternNode? {
    if take("^" as Unicode.Scalar) { return .start }
    if take("$" as Unicode.Scalar) { return .end }
    if take("\\b") { return .wordBoundary(isNegated: false) }
    if take("\\B") { return .wordBoundary(isNegated: true) }
    for (opening, isBehind, isNegated) in [
      ("(?=", false, false), ("(?!", false, true), ("(?<=", true, false), ("(?<!", true, true),
    ] where take(opening) {
      return .look(isBehind: isBehind, isNegated: isNegated, try parseGroupEnd())
    }
    return nil
  }

  private mutating func parseGroupEnd() throws(PatternError) -> PatternNode {
    let node = try parseAlternatives()
    guard take(")" as Unicode.Scalar) else {
      throw PatternError(sentence: "has a \"(\" without its \")\"")
    }
    return node
  }

  private mutating func parseAtom() throws(PatternError) -> PatternNode {
    guard let next = current else { return .empty }
    switch Unicode.Scalar(next) {
    case ".":
      position += 1
      return .set(Self.anyButLineEnds)
    case "[": return .set(try parseClass())
    case "\\": return try parseEscape()
    case "(": return try parseGroup()
    case "*", "+", "?": throw PatternError(sentence: "has nothing to repeat")
    case "{", "}", "]":
      guard strictness == .tolerant, !isQuantifierAhead else {
        throw PatternError(sentence: "has a lone bracket", hint: "write it with a backslash")
      }
    default: break
    }
    position += 1
    return .scalar(next)
  }

  private mutating func parseGroup() throws(PatternError) -> PatternNode {
    position += 1
    guard take("?" as Unicode.Scalar) else {
      groupCount += 1
      return try parseGroupEnd()
    }
    if take(":" as Unicode.Scalar) { return try parseGroupEnd() }
    guard take("<" as Unicode.Scalar) else {
      // ECMA-262 has flags for a group, `(?i:…)`, but none for all that follows, `(?i)`.
      let flags = scalars[position...].prefix { Self.isOneOf($0, "ims-") }.count
      throw PatternError(
        sentence: "has a group that begins with \"(?\" and nothing known after it",
        hint: flags > 0 ? "spell both cases out, as in [aA]; flags are not supported" : nil,
        isUnsupported: flags > 0 && peek(flags) == 0x3A)
    }
    let name = try parseGroupName()
    guard groupNames.insert(name).inserted else {
      throw PatternError(sentence: "has two groups of the name \"\(name)\"")
    }
    groupCount += 1
    return try parseGroupEnd()
  }

  /// A group's name up to and with its `>`.
  mutating func parseGroupName() throws(PatternError) -> String {
    var name = String.UnicodeScalarView()
    while let next = current, next != 0x3E, let scalar = Unicode.Scalar(next) {
      let isAllowed =
        next == 0x24 || next == 0x5F || scalar.properties.isIDStart
        || (!name.isEmpty && scalar.properties.isIDContinue)
      guard isAllowed else { throw PatternError(sentence: "has a group name that is none") }
      name.append(scalar)
      position += 1
    }
    guard take(">" as Unicode.Scalar), !name.isEmpty else {
      throw PatternError(sentence: "has a group name that is none")
    }
    return String(name)
  }

  // MARK: Repetition

  private mutating func parseQuantifier(after atom: PatternNode) throws(PatternError) -> PatternNode
  {
    let bounds: (Int, Int?)
    if take("*" as Unicode.Scalar) {
      bounds = (0, nil)
    } else if take("+" as Unicode.Scalar) {
      bounds = (1, nil)
    } else if take("?" as Unicode.Scalar) {
      bounds = (0, 1)
    } else if isQuantifierAhead {
      bounds = parseBounds()
    } else {
      return atom
    }
    _ = take("?" as Unicode.Scalar)
    if let maximum = bounds.1, maximum < bounds.0 {
      throw PatternError(sentence: "has a repetition whose bounds are swapped")
    }
    if let next = current, Self.isOneOf(next, "*+?") || isQuantifierAhead {
      throw PatternError(sentence: "repeats a repetition")
    }
    return .repetition(atom, minimum: bounds.0, maximum: bounds.1)
  }

  /// Whether `{2}`, `{2,}` or `{2,3}` comes next.
  private var isQuantifierAhead: Bool {
    guard current == 0x7B else { return false }
    var offset = 1
    var digits = 0
    var commas = 0
    while let next = peek(offset) {
      switch next {
      case 0x30...0x39: digits += 1
      case 0x2C where digits > 0 && commas == 0: commas = 1
      case 0x7D: return digits > 0
      default: return false
      }
      offset += 1
    }
    return false
  }

  private mutating func parseBounds() -> (Int, Int?) {
    position += 1
    let minimum = parseNumber() ?? 0
    var maximum: Int? = minimum
    if take("," as Unicode.Scalar) { maximum = parseNumber() }
    position += 1
    return (minimum, maximum)
  }

  /// Decimal digits; numbers beyond a billion are taken as that.
  mutating func parseNumber() -> Int? {
    var value: Int?
    while let digit = current, digit >= 0x30, digit <= 0x39 {
      value = min((value ?? 0) * 10 + Int(digit - 0x30), 1_000_000_000)
      position += 1
    }
    return value
  }

  /// What `.` matches.
  private static let anyButLineEnds = ScalarSet([
    0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029,
  ]).finished(inverted: true)
}
