/// Leaven's own filters: how many tokens a text is, and a text of at most so many.
///
/// Both count characters: `TemplateEnvironment.charactersPerToken` of them are one token.
enum TokenFilters {
  static let all: [Filter] = [
    Filter("tokens", tokens),
    Filter("truncate_tokens", Parameters("count", "end?"), truncate),
  ]

  private static func tokens(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let count = Double(try renderer.text(value).count)
    return .int(Int((count / renderer.charactersPerToken).rounded(.up)))
  }

  /// The first tokens, and `end` if anything was cut off.
  private static func truncate(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let text = try renderer.text(value)
    let count = try renderer.integer(arguments[0], or: 0, "count")
    guard count >= 0 else { throw renderer.wrongArgument("'count' must not be negative") }
    let limit = Int(min(Double(count) * renderer.charactersPerToken, 1e15))
    if text.count <= limit { return .string(text) }
    let end = try renderer.text(arguments[1] ?? .text(""))
    return .string(try renderer.concatenate(text.prefix(limit), end))
  }
}

extension Renderer {
  var charactersPerToken: Double { max(program?.settings.charactersPerToken ?? 4, 0.01) }
}
