/// Methods that look for text in text.
extension Renderer {
  /// Calls `find`, `index`, `count`, `startswith` and the like.
  mutating func callSearch(
    _ name: String, of text: Text, _ arguments: Arguments
  ) throws(RenderError) -> Value {
    let bound = try bindPositional(arguments, Parameters("sub", "start?", "end?"), name)
    let start = try bound.given(1).map { value throws(RenderError) in
      try integer(value, or: 0, "start")
    }
    let end = try bound.given(2).map { value throws(RenderError) in
      try integer(value, or: 0, "end")
    }
    let length = text.count
    let bounds = Slice(start, end, 1).resolved(length)
    let isOutside = (start ?? 0) > length
    let part = text.slice(Slice(bounds.start, max(bounds.stop, bounds.start), 1)).unmarked
    if name == "startswith" || name == "endswith" {
      let isEmptyRange = isOutside || bounds.stop < bounds.start
      for candidate in try candidates(bound[0]) {
        let offset = name == "startswith" ? 0 : part.bytes.count - candidate.bytes.count
        if !isEmptyRange, ByteSearch.isMatch(candidate.bytes, in: part.bytes, at: offset) {
          return .bool(true)
        }
      }
      return .bool(false)
    }
    let wanted = try self.text(argument: bound[0], "sub")
    let isEmptyRange = isOutside || bounds.stop < bounds.start
    if name == "count" { return .int(isEmptyRange ? 0 : part.occurrences(of: wanted)) }
    let found =
      isEmptyRange
      ? nil
      : name == "find" || name == "index"
        ? ByteSearch.first(wanted.bytes, in: part.bytes, from: 0)
        : ByteSearch.last(wanted.bytes, in: part.bytes, to: part.bytes.count)
    guard let found else {
      if name == "find" || name == "rfind" { return .int(-1) }
      throw badValue("the text to find is not there")
    }
    return .int(bounds.start + Text(bytes: Array(part.bytes[..<found])).count)
  }

  /// One text, or a tuple of them.
  private func candidates(_ value: Value?) throws(RenderError) -> [Text] {
    guard case .tuple(let tuple) = value else { return [try text(argument: value, "prefix")] }
    var texts: [Text] = []
    for item in tuple.items { texts.append(try text(argument: item, "prefix")) }
    return texts
  }
}
