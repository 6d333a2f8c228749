internal import Records

/// Keywords about arrays.
extension SchemaCompiler {
  mutating func compileArrays(_ reader: KeywordReader) throws(SchemaError) {
    if let count = try reader.count(.minItems), count > 0 {
      emit(.minItems(count), .minItems, reader)
    }
    if let count = try reader.count(.maxItems) {
      emit(.maxItems(count), .maxItems, reader)
    }
    try compileElements(reader)
    if let schema = reader.schema(.contains) {
      let minimum = try reader.count(.minContains) ?? 1
      let maximum = try reader.count(.maxContains) ?? Int.max
      emit(
        .contains(node: node(for: schema), minimum: minimum, maximum: maximum), .contains, reader)
    }
    if try reader.bool(.uniqueItems) == true { emit(.uniqueItems, .uniqueItems, reader) }
  }

  private mutating func compileElements(_ reader: KeywordReader) throws(SchemaError) {
    if reader.dialect.draft == .draft7 {
      try compileDraft7Elements(reader)
      return
    }
    let prefix = try reader.schemas(.prefixItems)
    if reader.value(.items)?.array != nil {
      throw reader.error(
        .items, "a schema", hint: "a list of schemas is called \"prefixItems\" since 2020-12")
    }
    let rest = reader.schema(.items).map { node(for: $0) } ?? -1
    guard prefix != nil || rest >= 0 else { return }
    emit(
      .elements(prefix: nodes(for: prefix ?? []), rest: rest),
      prefix == nil ? .items : .prefixItems,
      reader)
  }

  /// In draft 7, `items` may be a list; `additionalItems` counts only beside such a list.
  private mutating func compileDraft7Elements(_ reader: KeywordReader) throws(SchemaError) {
    guard let items = reader.value(.items) else { return }
    guard let elements = items.array else {
      let rest = node(for: reader.location.appending(.items))
      emit(.elements(prefix: .empty, rest: rest), .items, reader)
      return
    }
    let prefix = nodes(
      for: elements.indices.map { reader.location.appending(.items).appending($0) })
    let rest = reader.schema(.additionalItems).map { node(for: $0) } ?? -1
    emit(.elements(prefix: prefix, rest: rest), .items, reader)
  }
}
