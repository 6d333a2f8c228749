/// Reads the text of a typed column's field as a JSON value.
struct CSVTypedValue: ~Copyable {
  private var tape = JSONTape()

  /// Appends the value to the object being built; false when the text is none of that type.
  mutating func build(
    _ type: CSVFieldType, _ span: CSVCells.Span, on record: inout JSONTape
  ) -> Bool {
    let span = type == .text ? span : trimmed(span, record)
    // A JSON value is copied out of these very bytes, so they must not move meanwhile.
    if type == .json { record.reserveBytes(span.end - span.start) }
    let text = record.ownedBytes(span)
    if text.isEmpty {
      record.buildNull()
      return true
    }
    switch type {
    case .text: record.buildString(at: span.start..<span.end)
    case .boolean:
      guard let value = boolean(text) else { return false }
      record.buildBool(value)
    case .integer, .number:
      guard let value = parse(text), value.kind == .number else { return false }
      let isInteger = value.node.flags.contains(.integer)
      guard type == .number || isInteger else { return false }
      record.buildNumber(at: span, isInteger: isInteger)
    case .json:
      guard let value = parse(text) else { return false }
      record.build(value)
    }
    return true
  }

  private mutating func parse(_ text: UnsafeBufferPointer<UInt8>) -> JSONView? {
    // A text that is no JSON is a bad value; the caller names the row, where in it does not matter.
    try? tape.parse(text)
  }

  private func trimmed(_ span: CSVCells.Span, _ record: borrowing JSONTape) -> CSVCells.Span {
    let text = record.ownedBytes(span)
    var (start, end) = (0, text.count)
    while start < end, text[start] == 0x20 || text[start] == 0x09 { start += 1 }
    while end > start, text[end - 1] == 0x20 || text[end - 1] == 0x09 { end -= 1 }
    return CSVCells.Span(start: span.start + start, end: span.start + end)
  }

  private func boolean(_ text: UnsafeBufferPointer<UInt8>) -> Bool? {
    func isWord(_ word: StaticString) -> Bool {
      word.utf8CodeUnitCount == text.count
        && (0..<text.count).allSatisfy { text[$0] | 0x20 == word.utf8Start[$0] }
    }
    return isWord("true") ? true : isWord("false") ? false : nil
  }
}
