internal import Records

/// What a request says, read once: its last user text, the part of that text which is its subject,
/// and its size.
///
/// A user's turn that begins with `<correction>` speaks of an earlier one, which then counts as the last.
struct RequestText: ~Copyable {
  /// The text of the last user message.
  private(set) var bytes = ByteBuffer(capacity: 4096)
  /// Where in `bytes` the subject lies: the longest text between `<tag>` and `</tag>`, else the
  /// longest line.
  ///
  /// It differs from record to record, where the words around it do not.
  private(set) var subject = 0..<0
  /// Characters of everything the model reads.
  private(set) var characters = 0
  /// The estimate of the input's tokens: a token for each four characters, at least 1.
  var tokens: Int { max(1, (characters + 3) / 4) }

  /// Whose turn a content is.
  enum Speaker { case user, others }

  /// The content that counts as the last question so far.
  private var question: JSONView?

  /// Reads a body as its dialect wants it.
  ///
  /// The body must stay where it is until this returns.
  mutating func read(_ params: JSONView, _ dialect: any Dialect) {
    bytes.removeAll()
    bytes.shrink(to: 1 << 20)
    characters = 0
    question = nil
    dialect.read(params, into: &self)
    if let question { appendText(of: question) }
    question = nil
    subject = Self.subject(of: bytes.bytes)
  }

  /// Counts a turn, and keeps it when it is the user's: a text, or a list of parts.
  mutating func take(_ content: JSONView, from speaker: Speaker) {
    count(content)
    let isQuestion = speaker == .user && !Self.isCorrection(content)
    if question == nil || isQuestion { question = content }
  }

  /// Counts what the model reads as it stands, such as a schema.
  mutating func count(bytesOf json: JSONView) { characters += json.rawBytes.count }

  /// The bytes of the subject.
  var subjectBytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes.bytes[subject])
  }

  /// Whether the user's text holds these bytes.
  func contains(_ needle: [UInt8]) -> Bool { ByteSearch.first(needle, in: bytes.bytes) != nil }

  /// Appends a few words of the subject on one line: at most `limit` bytes, never empty.
  ///
  /// The first quote (`number` 0) is its beginning, later ones lie further on.
  func appendQuote(_ number: Int, limit: Int, to output: inout ByteBuffer) {
    let text = subjectBytes
    let before = output.count
    var start = text.count > limit ? number * 61 % text.count : 0
    if start > 0 { start = Self.wordStart(text, from: start) ?? 0 }
    if text.count - start < 12 { start = 0 }
    Self.appendWords(text, from: start, limit: limit, to: &output)
    if output.count == before { output.append("an empty request") }
  }

  /// Appends what stands between the last tag of a name and its end, escaped; nothing when there is no such tag.
  func appendTagged(_ name: String, to output: inout ByteBuffer) {
    let open = Array("<\(name)>".utf8)
    var found: Int?
    var position = 0
    while let next = ByteSearch.first(open, in: bytes.bytes, from: position) {
      found = next
      position = next + 1
    }
    guard let start = found.map({ $0 + open.count }),
      let end = ByteSearch.first(Array("</\(name)>".utf8), in: bytes.bytes, from: start)
    else { return }
    JSONEscape.append(UnsafeBufferPointer(rebasing: bytes.bytes[start..<end]), to: &output)
  }

  /// What a part has that is a picture or a document.
  private static let media = [
    "source", "image_url", "file", "inlineData", "inline_data", "fileData", "file_data",
  ]

  private static func isCorrection(_ content: JSONView) -> Bool {
    let text = content.kind == .string ? content : content.element(at: 0)?["text"]
    return text?.rawBytes.starts(with: Array("<correction>".utf8)) == true
  }

  /// Counts a text, or the parts of a content.
  mutating func count(_ content: JSONView) {
    if content.kind == .string {
      characters += content.rawBytes.reduce(into: 0) { $0 += $1 & 0xC0 == 0x80 ? 0 : 1 }
      return
    }
    for block in content.elements {
      if let text = block["text"], text.kind == .string {
        count(text)
      } else if !Self.media.contains(where: { block[$0] != nil }) {
        characters += block.rawBytes.count
      } else {
        // A picture or document: what it weighs follows from its content, not from base64; a round
        // figure.
        characters += 6000
      }
    }
  }

  private mutating func appendText(of content: JSONView) {
    if content.kind == .string {
      content.appendText(to: &bytes)
      return
    }
    for block in content.elements {
      guard let text = block["text"], text.kind == .string else { continue }
      if bytes.count > 0 { bytes.append(0x0A) }
      text.appendText(to: &bytes)
    }
  }

  private static func subject(of text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    var best = 0..<0
    var position = 0
    while let open = ByteSearch.first([0x3C], in: text, from: position) {
      position = open + 1
      guard let inside = content(of: text, tagAt: open) else { continue }
      let trimmed = trim(inside, in: text)
      if trimmed.count > best.count { best = trimmed }
    }
    return best.isEmpty ? longestLine(of: text) : best
  }

  /// What lies between the tag at `open` and its end; nil when no tag with an end begins there.
  private static func content(of text: UnsafeBufferPointer<UInt8>, tagAt open: Int) -> Range<Int>? {
    var end = open + 1
    while end < text.count, isNameByte(text[end]) { end += 1 }
    guard end > open + 1, end < text.count, text[end] == 0x3E else { return nil }
    let closing = [0x3C, 0x2F] + Array(text[(open + 1)...end])
    return ByteSearch.first(closing, in: text, from: end + 1).map { (end + 1)..<$0 }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
    default: false
    }
  }

  private static func longestLine(of text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    var best = 0..<0
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: 0x0A) ?? text.count
      let line = trim(start..<end, in: text)
      if line.count > best.count { best = line }
      start = end + 1
    }
    return best
  }

  private static func trim(_ range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, text[start] <= 0x20 { start += 1 }
    while end > start, text[end - 1] <= 0x20 { end -= 1 }
    return start..<end
  }

  private static func wordStart(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    text[start...].firstIndex { $0 <= 0x20 }
  }

  /// Appends words, one space between them, cut before the word (or the character) that does not
  /// fit.
  private static func appendWords(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, limit: Int, to output: inout ByteBuffer
  ) {
    let first = output.count
    var position = start
    while position < text.count {
      while position < text.count, text[position] <= 0x20 { position += 1 }
      var end = position
      while end < text.count, text[end] > 0x20 { end += 1 }
      guard end > position else { return }
      let isFirst = output.count == first
      let room = limit - (output.count - first) - (isFirst ? 0 : 1)
      if end - position > room {
        guard isFirst else { return }
        end = characterBorder(text, before: position + room)
      }
      if !isFirst { output.append(0x20) }
      output.append(UnsafeBufferPointer(rebasing: text[position..<end]))
      if isFirst, end - position == room { return }
      position = end
    }
  }

  private static func characterBorder(_ text: UnsafeBufferPointer<UInt8>, before end: Int) -> Int {
    var border = end
    while border > 0, text[border] & 0xC0 == 0x80 { border -= 1 }
    return border
  }
}
