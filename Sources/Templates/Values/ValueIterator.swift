internal import Records

/// A walk over a value: what Python's `iter` gives.
///
/// Shared, and spent once.
final class ValueIterator {
  /// Where elements come from.
  enum Source {
    case items([Value])
    /// A list, which may grow while it is walked over.
    case list(ListValue)
    case elements(JSONView.Elements)
    case members(JSONView.Members)
    case range(RangeValue)
    case text(Text)
    case made((inout Renderer) throws(RenderError) -> Value?)
  }

  private var source: Source
  private var position = 0
  /// What Python calls it, for messages.
  let kind: String

  init(_ source: Source, kind: String = "iterator") {
    self.source = source
    self.kind = kind
  }

  /// The next element, nil at the end.
  func next(_ renderer: inout Renderer) throws(RenderError) -> Value? {
    try renderer.countIteration()
    switch source {
    case .items(let items):
      guard position < items.count else { return nil }
      position += 1
      return items[position - 1]
    case .list(let list):
      guard position < list.items.count else { return nil }
      position += 1
      return list.items[position - 1]
    case .range(let range):
      guard position < range.count else { return nil }
      position += 1
      return .int(range[position - 1])
    case .text(let text):
      guard position < text.bytes.count else { return nil }
      let start = position
      _ = Text.scalar(in: text.bytes, at: &position)
      return .string(Text(bytes: Array(text.bytes[start..<position])))
    case .elements(var elements):
      defer { source = .elements(elements) }
      return elements.next().map { Value($0) }
    case .members(var members):
      defer { source = .members(members) }
      return members.next().map { Value($0.key) }
    case .made(let make): return try make(&renderer)
    }
  }
}
