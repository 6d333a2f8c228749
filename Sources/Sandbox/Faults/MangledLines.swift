internal import Records

/// The lines of a results file, changed as a fault script wants it.
final class MangledLines {
  private var reader: LineReader?
  private let manglings: Set<Mangling>
  private var number = 0
  private var pending: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  /// The first line, when it waits for the second.
  private var held: [UInt8]?

  init(_ path: String, _ manglings: Set<Mangling>, _ api: SandboxAPI) {
    reader = LineReader(path)
    self.manglings = manglings
    if manglings.contains(.unknownIDs) { append(Array(Self.nobodys(api).utf8)) }
  }

  /// A row that nobody asked for.
  private static func nobodys(_ api: SandboxAPI) -> String {
    switch api {
    case .anthropic: #"{"custom_id":"nobody-asked","result":{"type":"canceled"}}"#
    case .openai:
      #"{"id":"batch_req_0","custom_id":"nobody-asked","response":null,"error":{"code":"batch_cancelled","message":"This request was not executed because the batch was cancelled."}}"#
    case .gemini: #"{"key":"nobody-asked","error":{"code":1,"message":"Cancelled."}}"#
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
    guard var line = reader?.next().map({ Array($0) }) else {
      isAtEnd = true
      if let held { append(held) }
      endLastLine()
      return
    }
    number += 1
    if manglings.contains(.swappedKeys), number <= 2 {
      guard let first = held else {
        held = line
        return
      }
      held = nil
      append(Self.replacing(idOf: first, by: line))
      line = Self.replacing(idOf: line, by: first)
    }
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
      var row = json.members
    else { return line }
    if let result = json["result"]?.members {
      row = row.map { $0.key == "result" ? .init("result", .object(change(result, isFifth))) : $0 }
    }
    if manglings.contains(.extraFields) {
      row.append(JSONValue.Member("trace", .object(["hops": .number(3)])))
    }
    return Array(JSONValue.object(row).compact.utf8)
  }

  /// The result in a row of Anthropic's.
  private func change(_ result: [JSONValue.Member], _ isFifth: Bool) -> [JSONValue.Member] {
    if isFifth, manglings.contains(.unknownTypes) {
      return [JSONValue.Member("type", .string("postponed"))]
    }
    guard manglings.contains(.flatErrors) else { return result }
    return result.map { member in
      member.key == "error"
        ? JSONValue.Member("error", member.value["error"] ?? member.value) : member
    }
  }

  /// A line with the id of another.
  private static func replacing(idOf line: [UInt8], by other: [UInt8]) -> [UInt8] {
    // Lines of a settlement are JSON.
    guard let json = try? JSONValue(parsing: line), let donor = try? JSONValue(parsing: other),
      let members = json.members
    else { return line }
    let changed = members.map { member in
      ["custom_id", "key"].contains(member.key)
        ? JSONValue.Member(member.key, donor[member.key] ?? .null) : member
    }
    return Array(JSONValue.object(changed).compact.utf8)
  }
}
