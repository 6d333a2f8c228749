/// The strict JSON parser: one pass over the bytes, an explicit stack, nodes appended to a tape.
struct JSONScanner {
  let base: UnsafePointer<UInt8>
  let end: Int
  var position = 0

  init(base: UnsafePointer<UInt8>, end: Int) {
    self.base = base
    self.end = end
  }

  /// What may come next inside the innermost open value.
  private enum Expectation { case value, firstElement, firstKey, key, separator }

  mutating func scan(into tape: inout JSONTape) throws(JSONError) {
    tape.removeNodes()
    var expected = Expectation.value
    while true {
      skipWhitespace()
      guard position < end else {
        throw JSONError(tape.nodeCount == 0 ? .empty : .unexpectedEnd, at: end)
      }
      let byte = base[position]
      switch expected {
      case .firstKey where byte == 0x7D, .firstElement where byte == 0x5D:
        try close(&tape)
        expected = .separator
      case .firstKey, .key:
        guard byte == 0x22 else { throw JSONError(.unexpectedByte, at: position) }
        try scanKey(into: &tape)
        expected = .value
      case .value, .firstElement:
        expected = try scanValue(byte, into: &tape)
      case .separator:
        expected = try scanSeparator(byte, in: &tape)
      }
      if expected == .separator, tape.open.isEmpty { break }
    }
    skipWhitespace()
    if position < end { throw JSONError(.trailingBytes, at: position) }
  }

  @inline(__always) private mutating func skipWhitespace() {
    while position < end {
      switch base[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func scanValue(
    _ byte: UInt8, into tape: inout JSONTape
  ) throws(JSONError) -> Expectation {
    countElement(in: &tape)
    switch byte {
    case 0x22: try scanString(into: &tape)
    case 0x7B, 0x5B:
      guard tape.open.count < JSONTape.depthLimit else { throw JSONError(.tooDeep, at: position) }
      let isObject = byte == 0x7B
      let node = JSONNode(
        kind: isObject ? .object : .array, start: UInt32(position), end: 0, next: 0)
      tape.open.append(tape.append(node))
      position += 1
      return isObject ? .firstKey : .firstElement
    case 0x2D, 0x30...0x39: try scanNumber(into: &tape)
    case 0x74: try scanWord("true", .true, into: &tape)
    case 0x66: try scanWord("false", .false, into: &tape)
    case 0x6E: try scanWord("null", .null, into: &tape)
    default: throw JSONError(.unexpectedByte, at: position)
    }
    return .separator
  }

  @inline(__always) private func countElement(in tape: inout JSONTape) {
    if let parent = tape.open.last { tape.nodes[parent].count += 1 }
  }

  private mutating func scanSeparator(
    _ byte: UInt8, in tape: inout JSONTape
  ) throws(JSONError) -> Expectation {
    guard let parent = tape.open.last else { throw JSONError(.trailingBytes, at: position) }
    let isObject = tape.nodes[parent].kind == .object
    switch byte {
    case 0x2C:
      position += 1
      return isObject ? .key : .value
    case 0x7D where isObject, 0x5D where !isObject:
      try close(&tape)
      return .separator
    default: throw JSONError(.unexpectedByte, at: position)
    }
  }

  private mutating func close(_ tape: inout JSONTape) throws(JSONError) {
    guard let index = tape.open.popLast() else { throw JSONError(.unexpectedByte, at: position) }
    position += 1
    tape.nodes[index].end = UInt32(position)
    tape.nodes[index].next = UInt32(tape.nodeCount)
    if tape.nodes[index].kind == .object { markDuplicates(of: index, in: &tape) }
  }

  private mutating func scanKey(into tape: inout JSONTape) throws(JSONError) {
    try scanString(into: &tape)
    skipWhitespace()
    guard position < end else { throw JSONError(.unexpectedEnd, at: end) }
    guard base[position] == 0x3A else { throw JSONError(.unexpectedByte, at: position) }
    position += 1
  }

  private mutating func scanWord(
    _ word: StaticString, _ kind: JSONNode.Kind, into tape: inout JSONTape
  ) throws(JSONError) {
    let length = word.utf8CodeUnitCount
    for offset in 0..<length {
      guard position + offset < end else { throw JSONError(.unexpectedEnd, at: end) }
      guard base[position + offset] == word.utf8Start[offset] else {
        throw JSONError(.unexpectedByte, at: position + offset)
      }
    }
    appendScalar(kind, from: position, to: position + length, into: &tape)
    position += length
  }

  @inline(__always) private func appendScalar(
    _ kind: JSONNode.Kind, _ flags: JSONNode.Flags = [], from start: Int, to stop: Int,
    into tape: inout JSONTape
  ) {
    _ = tape.append(
      JSONNode(
        kind: kind, flags: flags, start: UInt32(start), end: UInt32(stop),
        next: UInt32(tape.nodeCount + 1)))
  }

  private mutating func scanNumber(into tape: inout JSONTape) throws(JSONError) {
    let start = position
    if base[position] == 0x2D { position += 1 }
    let integerStart = position
    try scanDigits()
    if base[integerStart] == 0x30, position - integerStart > 1 {
      throw JSONError(.badNumber, at: integerStart)
    }
    var flags: JSONNode.Flags = .integer
    if position < end, base[position] == 0x2E {
      flags = []
      position += 1
      try scanDigits()
    }
    if position < end, base[position] | 0x20 == 0x65 {
      flags = []
      position += 1
      if position < end, base[position] == 0x2B || base[position] == 0x2D { position += 1 }
      try scanDigits()
    }
    appendScalar(.number, flags, from: start, to: position, into: &tape)
  }

  private mutating func scanDigits() throws(JSONError) {
    let start = position
    while position < end, base[position] &- 0x30 < 10 { position += 1 }
    if position == start { throw JSONError(.badNumber, at: min(position, end)) }
  }

  private mutating func scanString(into tape: inout JSONTape) throws(JSONError) {
    position += 1
    let start = position
    var flags: JSONNode.Flags = []
    while true {
      position = interestingByte(from: position)
      guard position < end else { throw JSONError(.unexpectedEnd, at: end) }
      let byte = base[position]
      if byte == 0x22 { break }
      if byte >= 0x80 {
        repeat {
          let length = UTF8Check.sequenceLength(base, at: position, end: end)
          guard length > 0 else { throw JSONError(.badUTF8, at: position) }
          position += length
        } while position < end && base[position] >= 0x80
      } else if byte == 0x5C {
        flags.insert(.needsDecoding)
        if try scanEscape() == false { flags.insert(.needsEncoding) }
      } else {
        throw JSONError(.controlCharacter, at: position)
      }
    }
    appendScalar(.string, flags, from: start, to: position, into: &tape)
    position += 1
  }

  /// The offset of the next quote, backslash, control character or non-ASCII byte, else `end`.
  @inline(__always) private func interestingByte(from start: Int) -> Int {
    guard end - start >= 8 else { return ByteBlock.plainEnd(base, from: start, to: end) }
    let word = UnsafeRawPointer(base + start).loadUnaligned(as: UInt64.self).littleEndian
    let found = SWAR.specials(word) | (word & SWAR.tops)
    if found != 0 { return start + found.trailingZeroBitCount >> 3 }
    return ByteBlock.plainEnd(base, from: start + 8, to: end)
  }

  /// Moves over the escape at `position`; tells whether it is written as `JSONEscape` would.
  private mutating func scanEscape() throws(JSONError) -> Bool {
    guard position + 1 < end else { throw JSONError(.unexpectedEnd, at: end) }
    switch base[position + 1] {
    case 0x22, 0x5C, 0x62, 0x66, 0x6E, 0x72, 0x74:
      position += 2
      return true
    case 0x2F:
      position += 2
      return false
    case 0x75: return try scanUnicodeEscape()
    default: throw JSONError(.badEscape, at: position + 1)
    }
  }

  private mutating func scanUnicodeEscape() throws(JSONError) -> Bool {
    let start = position
    let unit = try scanUnit(at: position + 2)
    position += 6
    if unit >= 0xD800, unit < 0xE000 {
      guard unit < 0xDC00, position + 1 < end, base[position] == 0x5C, base[position + 1] == 0x75
      else { throw JSONError(.loneSurrogate, at: start) }
      let low = try scanUnit(at: position + 2)
      guard low >= 0xDC00, low < 0xE000 else { throw JSONError(.loneSurrogate, at: start) }
      position += 6
    }
    return unit < 0x20 && JSONEscape.letters[Int(unit)] == 0 && base[start + 5] < 0x67
      && !(base[start + 5] >= 0x41 && base[start + 5] <= 0x46)
  }

  private func scanUnit(at start: Int) throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for offset in 0..<4 {
      guard start + offset < end else { throw JSONError(.unexpectedEnd, at: end) }
      guard let digit = JSONEscape.digit(base[start + offset]) else {
        throw JSONError(.badEscape, at: start + offset)
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
