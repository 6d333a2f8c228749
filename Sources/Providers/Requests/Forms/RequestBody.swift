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
      form = body.member("input") == nil ? .chat : .responses
      root = body
    } else {
      form = .messages
      root = line.member("params") ?? line
    }
    let members = form.members
    turns = root.member(members.turns)
    maxTokens = root.member(members.maxTokens)
  }

  /// The characters of all texts that the model reads but the fixed parts.
  var census: CharacterCensus {
    var census = CharacterCensus()
    if let system = root.member("system") { Self.count(system, in: &census) }
    if let turns, turns.kind == .array {
      for turn in turns.elements {
        if let content = turn.member("content") { Self.count(content, in: &census) }
      }
    }
    return census
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
