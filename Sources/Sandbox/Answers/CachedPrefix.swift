internal import Records

/// The part of a prompt that its last `cache_control` mark closes.
struct CachedPrefix {
  /// Over all blocks up to the mark, and the model.
  let hash: ContentHash
  let tokens: Int
  /// Whether it is kept for an hour instead of five minutes.
  let isLong: Bool

  private static let mark = Array("cache_control".utf8)

  var lifeMs: Int64 { isLong ? 3_600_000 : 300_000 }

  /// The prefix of a body; nil when nothing in it is marked.
  init?(_ params: JSONView, model: Model) {
    guard ByteSearch.first(Self.mark, in: params.rawBytes) != nil else { return nil }
    var walk = Walk(hash: ContentHash(of: model.id))
    for tool in params["tools"]?.elements.map(\.self) ?? [] { walk.take(tool) }
    if let system = params["system"] { walk.takeContent(system) }
    for message in params["messages"]?.elements.map(\.self) ?? [] {
      if let content = message["content"] { walk.takeContent(content) }
    }
    // A mark on the whole body closes all of it.
    if let control = params["cache_control"], control.kind == .object { walk.mark(control) }
    guard let marked = walk.marked else { return nil }
    self = marked
  }

  private init(hash: ContentHash, characters: Int, control: JSONView) {
    self.hash = hash
    tokens = (characters + 3) / 4
    isLong = control["ttl"]?.text == "1h"
  }

  private struct Walk {
    var hash: ContentHash
    var characters = 0
    var marked: CachedPrefix?

    mutating func takeContent(_ content: JSONView) {
      if content.kind == .string {
        add(content)
      } else {
        for block in content.elements { take(block) }
      }
    }

    mutating func take(_ block: JSONView) {
      add(block["text"] ?? block)
      if let control = block["cache_control"], control.kind == .object { mark(control) }
    }

    private mutating func add(_ content: JSONView) {
      characters += content.rawBytes.count
      hash = BatchIntake.fold(hash, content.rawBytes)
    }

    mutating func mark(_ control: JSONView) {
      marked = CachedPrefix(hash: hash, characters: characters, control: control)
    }
  }
}
