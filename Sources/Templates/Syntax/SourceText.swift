/// A template's text with its newlines made `\n`, and where its lines begin.
struct SourceText: Sendable {
  let name: String
  let bytes: [UInt8]
  private let lineStarts: [Int]

  /// Reads a text; `keepsLastNewline` says whether one newline at the very end stays.
  init(_ source: String, name: String, keepsLastNewline: Bool) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.utf8.count)
    var isAfterReturn = false
    for byte in source.utf8 {
      if byte == 0x0A, isAfterReturn {
        isAfterReturn = false
        continue
      }
      isAfterReturn = byte == 0x0D
      bytes.append(isAfterReturn ? 0x0A : byte)
    }
    if !keepsLastNewline, bytes.last == 0x0A { bytes.removeLast() }
    self.name = name
    self.bytes = bytes
    lineStarts = [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
  }

  /// The line and column of a byte.
  func place(at offset: Int) -> SourcePlace {
    let offset = min(offset, bytes.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let column = bytes[lineStarts[low]..<offset].count { $0 & 0xC0 != 0x80 }
    return SourcePlace(name: name, line: low + 1, column: column + 1)
  }

  func error(_ code: String, at offset: Int, _ sentence: String, hint: String? = nil)
    -> TemplateError
  {
    let place = place(at: offset)
    return TemplateError(
      name: name, line: place.line, column: place.column, code: code, sentence: sentence,
      hint: hint)
  }
}

/// Where in which template something stands, counted from 1.
struct SourcePlace: Hashable, Sendable {
  let name: String
  let line: Int
  let column: Int
}
