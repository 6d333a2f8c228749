internal import Records

/// Repairs what has only one reading: commas before a closing bracket, raw control characters in
/// strings, a cut end.
///
/// At a cut, only what is complete is kept: a string, number or word that the end of the text cuts
/// is left out with its key, and so is an array or object in which nothing is complete. Nothing
/// else is touched, and nothing made up; the result is still parsed strictly.
struct AnswerRepair {
  /// An array or object that is open.
  private struct Level {
    var isObject: Bool
    /// The length of the output after the last complete element or member.
    var complete: Int
    var isEmpty = true
  }

  private enum Expectation { case value, key, colon, separator }

  private let text: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var levels: [Level] = []
  private var repairs: Answer.Repairs = []
  private var expected = Expectation.value
  private var owesComma = false

  /// Reads the value that begins with the first byte; what follows it is not looked at.
  init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

  /// Writes the repaired value; nil when it cannot be repaired.
  mutating func run(into output: inout ByteBuffer) -> Answer.Repairs? {
    repeat {
      while position < text.count, AnswerFinder.isSpace(text[position]) { position += 1 }
      guard position < text.count else { return closeCut(&output) }
      let byte = text[position]
      let isFine =
        switch byte {
        case 0x7D, 0x5D: close(isObject: byte == 0x7D, &output)
        case 0x2C: takeComma()
        case 0x3A: takeColon(&output)
        case 0x22: takeString(&output)
        case 0x7B, 0x5B: open(isObject: byte == 0x7B, &output)
        default: takeWord(&output)
        }
      guard isFine else { return isCut ? closeCut(&output) : nil }
    } while !levels.isEmpty
    return repairs
  }

  /// Whether the text ended inside what was read last.
  private var isCut: Bool { position >= text.count }

  private mutating func open(isObject: Bool, _ output: inout ByteBuffer) -> Bool {
    guard expected == .value, levels.count < JSONTape.depthLimit else { return false }
    payComma(&output)
    output.append(isObject ? 0x7B : 0x5B)
    position += 1
    levels.append(Level(isObject: isObject, complete: output.count))
    expected = isObject ? .key : .value
    return true
  }

  private mutating func close(isObject: Bool, _ output: inout ByteBuffer) -> Bool {
    guard let level = levels.last, level.isObject == isObject else { return false }
    let mayClose = expected == .separator || owesComma || level.isEmpty
    guard mayClose, expected != .colon, !(isObject && expected == .value) else { return false }
    if owesComma {
      repairs.insert(.trailingCommas)
      owesComma = false
    }
    levels.removeLast()
    output.append(isObject ? 0x7D : 0x5D)
    position += 1
    complete(output.count)
    return true
  }

  /// Notes that an element or member is complete.
  private mutating func complete(_ length: Int) {
    expected = .separator
    guard !levels.isEmpty else { return }
    levels[levels.count - 1].complete = length
    levels[levels.count - 1].isEmpty = false
  }

  private mutating func takeComma() -> Bool {
    guard expected == .separator, let level = levels.last else { return false }
    owesComma = true
    position += 1
    expected = level.isObject ? .key : .value
    return true
  }

  private mutating func payComma(_ output: inout ByteBuffer) {
    if owesComma { output.append(0x2C) }
    owesComma = false
  }

  private mutating func takeColon(_ output: inout ByteBuffer) -> Bool {
    guard expected == .colon else { return false }
    output.append(0x3A)
    position += 1
    expected = .value
    return true
  }

  private mutating func takeString(_ output: inout ByteBuffer) -> Bool {
    guard expected == .value || expected == .key else { return false }
    payComma(&output)
    output.append(0x22)
    position += 1
    while position < text.count, text[position] != 0x22 {
      let byte = text[position]
      if byte == 0x5C, position + 1 < text.count {
        output.append(byte)
        position += 1
        output.append(text[position])
      } else if byte < 0x20 {
        repairs.insert(.rawControls)
        JSONEscape.append(UnsafeBufferPointer(rebasing: text[position...position]), to: &output)
      } else {
        output.append(byte)
      }
      position += 1
    }
    guard position < text.count else { return false }
    position += 1
    output.append(0x22)
    if expected == .key { expected = .colon } else { complete(output.count) }
    return true
  }

  /// A number, `true`, `false` or `null`; a number at the very end of the text may go on and is not
  /// complete.
  private mutating func takeWord(_ output: inout ByteBuffer) -> Bool {
    guard expected == .value else { return false }
    let start = position
    while position < text.count,
      ASCII.isLetterOrDigit(text[position]) || isNumberSign(text[position])
    {
      position += 1
    }
    guard position > start else { return false }
    let word = UnsafeBufferPointer(rebasing: text[start..<position])
    let isKnown = ["true", "false", "null"].contains { $0.utf8.elementsEqual(word) }
    if position == text.count, !isKnown { return false }
    payComma(&output)
    output.append(word)
    complete(output.count)
    return true
  }

  private func isNumberSign(_ byte: UInt8) -> Bool { byte == 0x2D || byte == 0x2B || byte == 0x2E }

  /// Leaves out what is not complete and closes what is open; nil when nothing is complete.
  private mutating func closeCut(_ output: inout ByteBuffer) -> Answer.Repairs? {
    while let level = levels.last, level.isEmpty { levels.removeLast() }
    guard let innermost = levels.last else { return nil }
    output.truncate(to: innermost.complete)
    for level in levels.reversed() { output.append(level.isObject ? 0x7D : 0x5D) }
    repairs.insert(.cutEnd)
    return repairs
  }
}
