/// Looks for JSON in a model's text.
struct AnswerFinder {
  let text: UnsafeBufferPointer<UInt8>
  let allowsObjects: Bool
  let allowsArrays: Bool

  private static let fence: [UInt8] = [0x60, 0x60, 0x60]

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  /// A range without the white space and the byte order mark around it.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    if text[start..<end].starts(with: [0xEF, 0xBB, 0xBF]) { start += 3 }
    while start < end, Self.isSpace(text[start]) { start += 1 }
    while start < end, Self.isSpace(text[end - 1]) { end -= 1 }
    return start..<end
  }

  /// Whether a range begins with a brace or bracket.
  func beginsWithValue(_ range: Range<Int>) -> Bool {
    guard let first = text[range].first else { return false }
    return first == 0x7B || first == 0x5B
  }

  // MARK: Fences

  /// The inside of the fence that counts; nil when there is none.
  func fence(in range: Range<Int>) -> Range<Int>? {
    var firstWithValue: Range<Int>?
    var position = range.lowerBound
    while let opening = nextFence(in: position..<range.upperBound) {
      let word = label(at: opening + Self.fence.count, before: range.upperBound)
      let start = opening + Self.fence.count + word.count
      let closing = nextFence(in: start..<range.upperBound)
      let inside = trimmed(start..<(closing ?? withoutFence(start..<range.upperBound)))
      if word.map({ $0 | 0x20 }) == Array("json".utf8) { return inside }
      if firstWithValue == nil, beginsWithValue(inside) { firstWithValue = inside }
      guard let closing else { break }
      position = closing + Self.fence.count
    }
    return firstWithValue
  }

  /// The letters after a fence.
  private func label(at start: Int, before end: Int) -> Slice<UnsafeBufferPointer<UInt8>> {
    text[start..<end].prefix { ASCII.isLetterOrDigit($0) }
  }

  /// The next fence that stands at the start of a line, spaces before it aside.
  private func nextFence(in range: Range<Int>) -> Int? {
    var position = range.lowerBound
    while position + Self.fence.count <= range.upperBound {
      if text[position] == 0x60, text[position...].starts(with: Self.fence),
        isAtLineStart(position)
      {
        return position
      }
      position += 1
    }
    return nil
  }

  private func isAtLineStart(_ position: Int) -> Bool {
    var before = position - 1
    while before >= 0, text[before] == 0x20 || text[before] == 0x09 { before -= 1 }
    return before < 0 || text[before] == 0x0A || text[before] == 0x0D
  }

  /// The end of a range, a fence at its end left out.
  private func withoutFence(_ range: Range<Int>) -> Int {
    let trimmed = trimmed(range)
    return text[trimmed].suffix(Self.fence.count).elementsEqual(Self.fence)
      ? trimmed.upperBound - Self.fence.count : range.upperBound
  }

  // MARK: Values

  /// Where the first object or array that counts begins; one that does not count is passed over
  /// whole.
  func valueStart(in range: Range<Int>) -> Int? {
    if beginsWithValue(range) { return range.lowerBound }
    var position = range.lowerBound
    while position < range.upperBound {
      let byte = text[position]
      guard byte == 0x7B || byte == 0x5B, looksLikeValue(at: position, in: range) else {
        position += 1
        continue
      }
      if byte == 0x7B ? allowsObjects : allowsArrays { return position }
      let rest = UnsafeBufferPointer(rebasing: text[position..<range.upperBound])
      guard let end = Self.balancedEnd(of: rest) else { return nil }
      position += end
    }
    return nil
  }

  /// Whether what follows a brace or bracket can stand there in JSON.
  private func looksLikeValue(at position: Int, in range: Range<Int>) -> Bool {
    guard let next = next(after: position, in: range) else { return false }
    return text[position] == 0x7B ? next == 0x22 || next == 0x7D : Self.canFollowBracket(next)
  }

  private func next(after position: Int, in range: Range<Int>) -> UInt8? {
    text[(position + 1)..<range.upperBound].first { !Self.isSpace($0) }
  }

  private static func canFollowBracket(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x22, 0x2D, 0x30...0x39, 0x5B, 0x5D, 0x7B: true
    default: false
    }
  }

  /// Where the value that begins with the first byte ends, strings skipped; nil when it does not
  /// end.
  static func balancedEnd(of text: UnsafeBufferPointer<UInt8>) -> Int? {
    var depth = 0
    var isInString = false
    var position = 0
    while position < text.count {
      let byte = text[position]
      if isInString {
        if byte == 0x5C { position += 1 }
        if byte == 0x22 { isInString = false }
      } else {
        switch byte {
        case 0x22: isInString = true
        case 0x7B, 0x5B: depth += 1
        case 0x7D, 0x5D:
          depth -= 1
          if depth == 0 { return position + 1 }
        default: break
        }
      }
      position += 1
    }
    return nil
  }
}
