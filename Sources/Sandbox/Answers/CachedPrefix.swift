internal import Records

/// The part of a prompt that may be in the cache.
struct CachedPrefix {
  /// Over all of it, and the model.
  let hash: ContentHash
  let tokens: Int
  let keeping: Keeping

  /// How the provider keeps it.
  enum Keeping: Sendable {
    /// Written on demand, for a price: five minutes or an hour.
    case fiveMinutes, hour
    /// Kept of itself for about half an hour.
    case unasked
  }

  private static let mark = Array("cache_control".utf8)

  var lifeMs: Int64 {
    switch keeping {
    case .fiveMinutes: 300_000
    case .unasked: 1_800_000
    case .hour: 3_600_000
    }
  }

  /// All that stands before the last turn, for providers that keep prefixes unasked; nil when that
  /// is nothing.
  init?(of parts: [JSONView], _ model: Model) {
    guard !parts.isEmpty else { return nil }
    hash = parts.reduce(ContentHash(of: model.id)) { BatchIntake.fold($0, $1.rawBytes) }
    // Providers count it in steps of 128.
    tokens = (parts.reduce(0) { $0 + $1.rawBytes.count } + 3) / 4 / 128 * 128
    keeping = .unasked
  }

  /// The part of a Messages body that its last `cache_control` mark closes; nil when nothing in it
  /// is marked.
  init?(marked params: JSONView, _ model: Model) {
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
    keeping = control["ttl"]?.text == "1h" ? .hour : .fiveMinutes
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
