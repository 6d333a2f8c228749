/// A filter: what stands after `|`.
struct Filter: Sendable {
  typealias Body =
    @Sendable (inout Renderer, Value, Bound) throws(RenderError) -> Value

  let name: String
  let parameters: Parameters
  let apply: Body

  init(_ name: String, _ parameters: Parameters, _ apply: @escaping Body) {
    self.name = name
    self.parameters = parameters
    self.apply = apply
  }

  /// Without parameters.
  init(_ name: String, _ apply: @escaping Body) { self.init(name, Parameters(), apply) }

  /// All filters by name.
  static let named: [String: Filter] = {
    var filters: [String: Filter] = [:]
    for filter in TextFilters.all + TextLayoutFilters.all + NumberFilters.all + SequenceFilters.all
      + SelectionFilters.all + MarkupFilters.all + ConversionFilters.all + TokenFilters.all
    {
      filters[filter.name] = filter
    }
    for (alias, name) in [("d", "default"), ("e", "escape"), ("count", "length")] {
      if let filter = filters[name] { filters[alias] = filter }
    }
    return filters
  }()
}
