/// Cuts a line where it may be wrapped: around white space, after hyphens inside words, around dashes.
struct WordChunks {
  let breaksOnHyphens: Bool

  /// The chunks; together they are the line.
  func chunks(of line: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
    var chunks: [[Unicode.Scalar]] = []
    var start = 0
    while start < line.count {
      let end = chunkEnd(line, start)
      chunks.append(Array(line[start..<end]))
      start = end
    }
    return chunks
  }

  private func chunkEnd(_ line: [Unicode.Scalar], _ start: Int) -> Int {
    if Self.isSpace(line[start]) {
      return line[start...].firstIndex { !Self.isSpace($0) } ?? line.count
    }
    guard breaksOnHyphens else {
      return line[start...].firstIndex(where: Self.isSpace) ?? line.count
    }
    if start > 0, Self.isWordOrPunctuation(line[start - 1]), let end = Self.dashEnd(line, start) {
      return end
    }
    var end = start + 1
    while true {
      if Self.isHyphenInWord(line, end) { return end + 1 }
      if end >= line.count || Self.isSpace(line[end]) { return end }
      if Self.isWordOrPunctuation(line[end - 1]), Self.dashEnd(line, end) != nil { return end }
      end += 1
    }
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || (0x09...0x0D).contains(scalar.value)
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || CharacterClass.isAlphanumeric(scalar)
  }

  private static func isLetter(_ line: [Unicode.Scalar], _ index: Int) -> Bool {
    guard line.indices.contains(index) else { return false }
    return isWord(line[index]) && !CharacterClass.isDecimal(line[index])
  }

  private static func isWordOrPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    isWord(scalar) || "!\"'&.,?".unicodeScalars.contains(scalar)
  }

  /// The end of two or more hyphens that a word follows.
  private static func dashEnd(_ line: [Unicode.Scalar], _ start: Int) -> Int? {
    var end = start
    while end < line.count, line[end] == "-" { end += 1 }
    guard end - start >= 2, end < line.count, isWord(line[end]) else { return nil }
    return end
  }

  /// Whether a hyphen here has letters enough on both sides to be broken after.
  private static func isHyphenInWord(_ line: [Unicode.Scalar], _ index: Int) -> Bool {
    guard index < line.count, line[index] == "-" else { return false }
    let isAfterTwo = isLetter(line, index - 1) && isLetter(line, index - 2)
    let isAfterHyphen =
      isLetter(line, index - 1) && index >= 3 && line[index - 2] == "-"
      && isLetter(line, index - 3)
    guard isAfterTwo || isAfterHyphen, isLetter(line, index + 1) else { return false }
    let next = index + 2 < line.count && line[index + 2] == "-" ? index + 3 : index + 2
    return isLetter(line, next) || isLetter(line, index + 2)
  }
}
