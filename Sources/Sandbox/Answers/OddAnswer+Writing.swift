internal import Records

extension RowFault.OddAnswer {
  /// Replaces an answer, or changes the strings in it.
  func write(over answer: inout ByteBuffer) {
    switch self {
    case .invalid:
      answer.removeAll()
      answer.append("{\"unexpected\":true}")
    case .notJSON:
      answer.removeAll()
      answer.append("Here is the JSON you asked for: {\"almost\": ")
    case .empty: answer.removeAll()
    case .fragments: break
    case .unicode: lengthenFirstString(of: &answer, with: "a\u{2028}b\u{2029}c\u{85}d😀e\r\nf\0g")
    case .huge:
      lengthenFirstString(of: &answer, with: String(repeating: "on and on ", count: 120_000))
    }
  }

  /// Puts more text at the beginning of the first string value: of JSON inside it, of other text
  /// before all.
  private func lengthenFirstString(of answer: inout ByteBuffer, with text: String) {
    var longer = ByteBuffer(capacity: answer.count + text.utf8.count * 2)
    if let start = firstStringStart(in: answer.bytes) {
      longer.append(UnsafeBufferPointer(rebasing: answer.bytes[0..<start]))
      let quoted = JSONValue.string(text).compact
      longer.append(text: String(quoted.dropFirst().dropLast()))
      longer.append(UnsafeBufferPointer(rebasing: answer.bytes[start...]))
    } else {
      longer.append(text: text)
      longer.append(answer.bytes)
    }
    answer = longer
  }

  /// The offset after the opening quote of the first string that is a member's value.
  private func firstStringStart(in json: UnsafeBufferPointer<UInt8>) -> Int? {
    guard json.first == 0x7B || json.first == 0x5B else { return nil }
    for position in json.indices.dropFirst()
    where json[position] == 0x22 && [0x3A, 0x5B, 0x2C].contains(json[position - 1]) {
      // A key follows a comma, too: a value is followed by no colon.
      guard let end = json[(position + 1)...].firstIndex(of: 0x22) else { return nil }
      if end + 1 >= json.count || json[end + 1] != 0x3A { return position + 1 }
    }
    return nil
  }
}
