internal import Records

/// The lines of a results file, changed as a fault script wants it.
final class MangledLines {
  private var reader: LineReader?
  private let manglings: Set<Mangling>
  private var number = 0
  private var pending: [UInt8] = []
  private var start = 0
  private var isAtEnd = false

  init(_ path: String, _ manglings: Set<Mangling>) {
    reader = LineReader(path)
    self.manglings = manglings
    if manglings.contains(.unknownIDs) {
      append(Array(#"{"custom_id":"nobody-asked","result":{"type":"canceled"}}"#.utf8))
    }
  }

  /// The next bytes, at most `limit`; nil at the end.
  func next(_ limit: Int) -> [UInt8]? {
    // The last line's end is known only after it: keep one line back.
    while !isAtEnd, pending.count - start < limit + (1 << 12) { readLine() }
    guard start < pending.count else { return nil }
    let end = min(pending.count, start + limit)
    let chunk = Array(pending[start..<end])
    start = end
    if start > 1 << 16 {
      pending.removeFirst(start)
      start = 0
    }
    return chunk
  }

  private func readLine() {
    guard let line = reader?.next().map({ Array($0) }) else {
      isAtEnd = true
      endLastLine()
      return
    }
    number += 1
    let isFifth = number % 5 == 1
    if isFifth, manglings.contains(.missingRows) { return }
    let changed = change(line, isFifth)
    append(changed)
    if isFifth, manglings.contains(.duplicateRows) { append(changed) }
  }

  private func append(_ line: [UInt8]) {
    pending += line
    pending += manglings.contains(.crlf) ? [0x0D, 0x0A] : [0x0A]
  }

  private func endLastLine() {
    if manglings.contains(.noFinalNewline) || manglings.contains(.tornLastLine) {
      while let last = pending.last, last == 0x0A || last == 0x0D { pending.removeLast() }
    }
    if manglings.contains(.tornLastLine) {
      let begin = pending.lastIndex(of: 0x0A).map { $0 + 1 } ?? start
      pending.removeLast(max(0, pending.count - max(begin, start)) / 2)
    }
  }

  private func change(_ line: [UInt8], _ isFifth: Bool) -> [UInt8] {
    let wanted: Set<Mangling> = [.unknownTypes, .extraFields, .flatErrors]
    // A line that is no JSON was not written by a settlement and stays as it is.
    guard !manglings.isDisjoint(with: wanted), let json = try? JSONValue(parsing: line),
      var result = json["result"]?.members
    else { return line }
    if manglings.contains(.flatErrors), let error = json["result"]?["error"]?["error"] {
      result = result.map { $0.key == "error" ? JSONValue.Member("error", error) : $0 }
    }
    if isFifth, manglings.contains(.unknownTypes) {
      result = [JSONValue.Member("type", .string("postponed"))]
    }
    var row = [JSONValue.Member("custom_id", json["custom_id"] ?? .null)]
    row.append(JSONValue.Member("result", .object(result)))
    if manglings.contains(.extraFields) {
      row.append(JSONValue.Member("trace", .object(["hops": .number(3)])))
    }
    return Array(JSONValue.object(row).compact.utf8)
  }
}
