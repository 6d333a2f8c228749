internal import Records

/// A request of a shard, read back: views into the line, valid as long as the tape and the bytes it was read with.
struct RequestBody {
  /// Its form.
  let form: RequestForm
  /// The body.
  let root: JSONView
  /// The list of turns; nil when the line is none of ours.
  let turns: JSONView?
  /// The member that limits the answer.
  let maxTokens: JSONView?

  /// Reads a line that is parsed.
  init(_ line: JSONView) {
    if let body = line.member("body") {
      form =
        body.member("input") != nil
        ? .responses : body.member("max_tokens") != nil ? .completions : .chat
      root = body
    } else if let request = line.member("request") {
      form = .generate
      root = request
    } else {
      form = .messages
      root = line.member("params") ?? line
    }
    let members = form.members
    turns = root.member(members.turns)
    let limits = form == .generate ? root.member("generationConfig") : root
    maxTokens = limits?.member(members.maxTokens)
  }

  /// The system text, where it is one text; nil when there is none.
  var system: JSONView? {
    switch form {
    case .messages:
      return root.string("system") ?? Self.onlyText(root.member("system"))
    case .chat, .completions, .responses:
      let first = turns?.elements.first { $0.kind == .object }
      guard first?.member("role")?.isText("system") == true else { return nil }
      return first?.string("content")
    case .generate: return Self.onlyText(root.member("systemInstruction")?.member("parts"))
    }
  }

  /// The text of a list of one block.
  private static func onlyText(_ blocks: JSONView?) -> JSONView? {
    guard let blocks, blocks.kind == .array, blocks.count == 1 else { return nil }
    return blocks.elements.first { $0.kind == .object }?.string("text")
  }

  /// The characters of all texts that the model reads but the fixed parts.
  var census: CharacterCensus {
    var census = CharacterCensus()
    if let system = root.member("system") { Self.count(system, in: &census) }
    if let parts = root.member("systemInstruction")?.member("parts") {
      Self.count(parts, in: &census)
    }
    if let turns, turns.kind == .array {
      for turn in turns.elements {
        let content = turn.member(form == .generate ? "parts" : "content")
        if let content { Self.count(content, in: &census) }
      }
    }
    return census
  }

  /// What the pictures and documents of all turns add to the input, by their lengths.
  var attachments: TokenEstimate {
    var tokens = TokenEstimate.zero
    guard let turns, turns.kind == .array else { return tokens }
    for turn in turns.elements {
      guard let content = turn.member(form == .generate ? "parts" : "content"),
        content.kind == .array
      else { continue }
      for block in content.elements where block.string("text") == nil {
        let type = block.string("type") ?? block.member("inlineData")?.string("mimeType")
        let isPicture = type.map { $0.text.contains("image") } ?? false
        tokens +=
          isPicture
          ? Attachment.pictureTokens
          : Attachment.documentTokens(byteCount: max(block.rawBytes.count / 4 * 3, 500_000))
      }
    }
    return tokens
  }

  /// Counts the characters of a text, or of the texts of blocks.
  private static func count(_ content: JSONView, in census: inout CharacterCensus) {
    switch content.kind {
    case .string: census.add(content.rawBytes)
    case .array:
      for block in content.elements {
        if let text = block.string("text") { census.add(text.rawBytes) }
      }
    default: break
    }
  }
}
