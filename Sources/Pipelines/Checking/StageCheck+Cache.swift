internal import Providers
internal import Records
internal import Templates

/// The texts of a request before its prompt.
struct FixedTexts {
  /// The system text; nil when there is none.
  var system: Compiled<CompiledTemplate>?
  /// The turns.
  var turns: [Compiled<CompiledTemplate>]
}

extension StageCheck {
  /// Checks `cache`: that something is the same in all requests, and enough for the model to keep it; nil when no mark
  /// is to be sent.
  func checkCache(
    of load: Section, _ texts: FixedTexts, _ provider: ProviderPlan, _ extras: RequestExtras,
    into diagnostics: inout DiagnosticList
  ) -> CacheMark? {
    guard let lifetime: CacheMark.Lifetime = load.choice("cache") else { return nil }
    let place = load.place(of: "cache")
    guard provider.form.marksCaches else {
      diagnostics.warning(
        .shortPrefix, at: place,
        "'\(provider.name)' caches long prefixes by itself: 'cache' only has runs say how much was read from there"
      )
      return nil
    }
    let constant = texts.turns.prefix { $0.reads.isConstant }
    let isSystemConstant = texts.system?.reads.isConstant ?? true
    guard isSystemConstant, texts.system != nil || !constant.isEmpty else {
      diagnostics.error(
        .shortPrefix, at: place,
        texts.system == nil
          ? "nothing before the prompt is the same for all records: there is nothing to cache"
          : "the system text reads the record: there is nothing to cache",
        hint: "put what all requests have in common into 'system', and the rest into 'prompt'")
      return nil
    }
    var mark = CacheMark(lifetime, constant.isEmpty ? .system : .turn(constant.count - 1))
    let fixed = [texts.system].compactMap(\.self) + constant
    guard let model = load.text("model"), let census = census(of: fixed, extras) else {
      return mark
    }
    let catalog = context.catalog[provider.kind]
    let known = catalog.model(model.text) ?? CatalogModel(unlisted: model.text, in: catalog)
    let tokens = known.tokens.estimate(census)
    mark.prefix = tokens
    guard let least = known.minCacheTokens ?? catalog.mostMinCacheTokens, tokens.likely < least
    else { return mark }
    // What is likely too short is not likely to be read from there, either; so short a prefix is never written.
    mark.prefix = TokenEstimate(low: 0, likely: 0, high: tokens.high < least ? 0 : tokens.high)
    if known.minCacheTokens != nil {
      diagnostics.warning(
        .shortPrefix, at: place,
        "what is the same in all requests has about \(tokens.likely) tokens, and \(known.id) caches nothing below \(least)",
        hint: "leave out 'cache', or say more in 'system'")
    }
    return mark
  }

  /// The characters of texts that are the same for all records, and of the tools, which stand before them; nil when a
  /// text cannot be rendered, which rejects every record.
  private func census(
    of texts: [Compiled<CompiledTemplate>], _ extras: RequestExtras
  ) -> CharacterCensus? {
    var tape = JSONTape()
    var buffer = ByteBuffer()
    let tools = extras.parameters.first { $0.key == "tools" }
    tools?.value.append(to: &buffer)
    let isRendered = Array(context.vars.compact.utf8).withUnsafeBufferPointer { bytes in
      // The variables are JSON: they were written by this program.
      guard let vars = try? tape.parse(bytes) else { return false }
      var scope = TemplateScope(
        record: vars, roots: [JSONView?](repeating: nil, count: ScopeRoot.allCases.count))
      scope.roots[ScopeRoot.vars.rawValue] = vars
      var renderer = Renderer()
      for text in texts {
        do throws(RenderError) {
          try text.code.render(scope, using: &renderer, into: &buffer, escaping: .json)
        } catch {
          return false
        }
      }
      return true
    }
    return isRendered ? CharacterCensus(buffer.bytes) : nil
  }
}
