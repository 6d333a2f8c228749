public import Records

/// What a request says, for people to read.
public struct RequestTexts: Hashable, Sendable {
  /// The system text; empty without one.
  public var system = ""
  /// What is said in each turn, in order; attachments and the like are left out.
  public var turns: [String] = []

  /// Reads a line of a shard that is parsed.
  public init(_ line: JSONView) {
    let body = RequestBody(line)
    if let member = body.root.member("system") { system = Self.text(member) }
    if let parts = body.root.member("systemInstruction")?.member("parts") {
      system = Self.text(parts)
    }
    guard let list = body.turns, list.kind == .array else { return }
    for turn in list.elements {
      guard let content = turn.member("content") ?? turn.member("parts") else { continue }
      if turn.member("role")?.isText("system") == true {
        system = Self.text(content)
      } else {
        turns.append(Self.text(content))
      }
    }
  }

  /// A text, or the texts of blocks.
  private static func text(_ content: JSONView) -> String {
    switch content.kind {
    case .string: content.text
    case .array:
      content.elements.compactMap { $0.string("text")?.text }.joined(separator: "\n\n")
    default: ""
    }
  }
}
