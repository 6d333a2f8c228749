/// Wraps a line as Python's `textwrap` does, keeping tabs and white space as they are.
struct WordWrap {
  let width: Int
  let breaksLongWords: Bool
  let breaksOnHyphens: Bool

  /// The lines of a paragraph, without their ends.
  func lines(of text: Text) -> [[Unicode.Scalar]] {
    var chunks: [[Unicode.Scalar]] = WordChunks(breaksOnHyphens: breaksOnHyphens)
      .chunks(of: text.scalars).reversed()
    var lines: [[Unicode.Scalar]] = []
    while let next = chunks.last {
      if Self.isBlank(next), !lines.isEmpty { chunks.removeLast() }
      var line: [[Unicode.Scalar]] = []
      var length = 0
      while let chunk = chunks.last, length + chunk.count <= width {
        line.append(chunk)
        length += chunk.count
        chunks.removeLast()
      }
      if let chunk = chunks.last, chunk.count > width {
        split(&chunks, into: &line, room: width - length)
      }
      if let last = line.last, Self.isBlank(last) { line.removeLast() }
      if !line.isEmpty { lines.append(Array(line.joined())) }
    }
    return lines
  }

  /// Takes a part of a chunk that fits no line, or all of it when words may not be broken.
  private func split(
    _ chunks: inout [[Unicode.Scalar]], into line: inout [[Unicode.Scalar]], room: Int
  ) {
    let chunk = chunks[chunks.count - 1]
    guard breaksLongWords else {
      if line.isEmpty { line.append(chunks.removeLast()) }
      return
    }
    var end = room
    if breaksOnHyphens, chunk.count > end,
      let hyphen = chunk[..<end].lastIndex(of: "-"), hyphen > 0,
      chunk[..<hyphen].contains(where: { $0 != "-" })
    {
      end = hyphen + 1
    }
    line.append(Array(chunk[..<end]))
    chunks[chunks.count - 1] = Array(chunk[end...])
  }

  private static func isBlank(_ chunk: [Unicode.Scalar]) -> Bool {
    chunk.allSatisfy(Whitespace.contains)
  }
}
