/// Cutting text into parts, with Python's rules.
extension Text {
  /// Without white space, or these characters, at its ends.
  func stripped(_ characters: Text? = nil, start: Bool = true, end: Bool = true) -> Text {
    guard let characters else {
      let lower = start ? Whitespace.start(ofTextIn: bytes[...]) : 0
      let upper = end ? Whitespace.end(ofTextIn: bytes[lower...]) : bytes.count
      return alike(Array(bytes[lower..<upper]))
    }
    let unwanted = Set(characters.scalars)
    var rest = scalars[...]
    if start { rest = rest.drop { unwanted.contains($0) } }
    if end { while let last = rest.last, unwanted.contains(last) { rest.removeLast() } }
    return Text(rest, isMarkup: isMarkup)
  }

  /// The lines, with or without their ends; `\r\n` is one end, and Unicode's line ends count.
  func lines(keepingEnds: Bool = false) -> [Text] {
    var lines: [Text] = []
    var start = 0
    var position = 0
    while position < bytes.count {
      let before = position
      let scalar = Self.scalar(in: bytes, at: &position)
      guard Self.isLineEnd(scalar) else { continue }
      if scalar == "\r", position < bytes.count, bytes[position] == 0x0A { position += 1 }
      lines.append(alike(Array(bytes[start..<(keepingEnds ? position : before)])))
      start = position
    }
    if start < bytes.count { lines.append(alike(Array(bytes[start...]))) }
    return lines
  }

  private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }

  /// The words between white space, at most `limit` cuts from the left.
  func words(limit: Int = .max) -> [Text] {
    var words: [Text] = []
    var rest = bytes[Whitespace.start(ofTextIn: bytes[...])...]
    while !rest.isEmpty {
      if words.count == limit {
        words.append(alike(Array(rest)))
        return words
      }
      var end = rest.startIndex
      while end < rest.endIndex, Whitespace.length(in: rest, at: end) == 0 { end += 1 }
      words.append(alike(Array(rest[..<end])))
      rest = rest[Whitespace.start(ofTextIn: rest[end...])...]
    }
    return words
  }

  /// The words between white space, at most `limit` cuts from the right.
  func wordsFromEnd(limit: Int) -> [Text] {
    var words: [Text] = []
    var rest = bytes[..<Whitespace.end(ofTextIn: bytes[...])]
    while !rest.isEmpty {
      if words.count == limit {
        words.append(alike(Array(rest)))
        break
      }
      var start = rest.endIndex
      while start > 0, Whitespace.end(ofTextIn: rest[..<start]) == start {
        start -= 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
      }
      words.append(alike(Array(rest[start...])))
      rest = rest[..<Whitespace.end(ofTextIn: rest[..<start])]
    }
    return words.reversed()
  }

  /// The parts between separators, at most `limit` cuts from the left.
  func parts(between separator: Text, limit: Int = .max) -> [Text] {
    var parts: [Text] = []
    var start = 0
    while parts.count < limit,
      let found = ByteSearch.first(separator.bytes, in: bytes, from: start)
    {
      parts.append(alike(Array(bytes[start..<found])))
      start = found + separator.bytes.count
    }
    return parts + [alike(Array(bytes[start...]))]
  }

  /// The parts between separators, at most `limit` cuts from the right.
  func partsFromEnd(between separator: Text, limit: Int) -> [Text] {
    var parts: [Text] = []
    var end = bytes.count
    while parts.count < limit, let found = ByteSearch.last(separator.bytes, in: bytes, to: end) {
      parts.append(alike(Array(bytes[(found + separator.bytes.count)..<end])))
      end = found
    }
    return (parts + [alike(Array(bytes[..<end]))]).reversed()
  }

  /// The number of times a part occurs, without overlap.
  func occurrences(of part: Text) -> Int {
    if part.isEmpty { return count + 1 }
    var count = 0
    var start = 0
    while let found = ByteSearch.first(part.bytes, in: bytes, from: start) {
      count += 1
      start = found + part.bytes.count
    }
    return count
  }

  /// The text with a part replaced, at most `limit` times from the left.
  func replacing(_ old: Text, with new: Text, limit: Int) -> [UInt8] {
    var result: [UInt8] = []
    var count = 0
    var start = 0
    if old.isEmpty {
      while count < limit {
        result += new.bytes
        count += 1
        guard start < bytes.count else { return result }
        let before = start
        _ = Self.scalar(in: bytes, at: &start)
        result += bytes[before..<start]
      }
      return result + bytes[start...]
    }
    while count < limit, let found = ByteSearch.first(old.bytes, in: bytes, from: start) {
      result += bytes[start..<found]
      result += new.bytes
      start = found + old.bytes.count
      count += 1
    }
    return result + bytes[start...]
  }
}
