internal import Records

/// Warnings: what compiles, but is probably a slip.
extension SchemaCompiler {
  mutating func noteDoubts(in reader: KeywordReader) {
    // Only the author's own documents are worth a warning.
    guard reader.location.document == 0 else { return }
    let standsAlone = reader.dialect.referenceStandsAlone && reader.value(.ref) != nil
    for member in reader.members {
      guard let keyword = Keyword(name: member.key) else {
        noteUnknown(member.key, reader)
        continue
      }
      let place = reader.path(of: keyword)
      if !keyword.belongs(to: reader.dialect.draft) {
        warnings.append(
          SchemaWarning(
            schemaPath: place, code: .otherDraft,
            sentence: "\(keyword.rawValue) is not a keyword of this draft and has no effect",
            hint: replacement(for: keyword)))
      } else if standsAlone,
        ![.ref, .definitions, .comment, .schema, .title, .description].contains(keyword)
      {
        warnings.append(
          SchemaWarning(
            schemaPath: place, code: .ignoredSibling,
            sentence: "\(keyword.rawValue) beside $ref has no effect in draft 7",
            hint: "put the reference into allOf, or use draft 2020-12"))
      }
    }
  }

  private func replacement(for keyword: Keyword) -> String? {
    switch keyword {
    case .additionalItems: "since 2020-12: \"prefixItems\" with \"items\""
    case .prefixItems: "in draft 7: a list as \"items\""
    case .dependentSchemas, .dependentRequired: "in draft 7: \"dependencies\""
    default: "add \"$schema\": \"\(SchemaDraft.draft202012.metaschema)\" to use it"
    }
  }

  private mutating func noteUnknown(_ name: String, _ reader: KeywordReader) {
    let known = Keyword.allCases.filter { $0.belongs(to: reader.dialect.draft) }.map(\.rawValue)
    guard let near = NearNames.closest(to: name, among: known) else { return }
    warnings.append(
      SchemaWarning(
        schemaPath: reader.path + SchemaPointer().appending(name).text, code: .unknownKeyword,
        sentence: "\"\(name)\" is not a keyword and has no effect",
        hint: "did you mean \"\(near)\"?"))
  }

  mutating func noteUnknownFormat(_ name: String, _ reader: KeywordReader) {
    guard reader.location.document == 0 else { return }
    let near = NearNames.closest(to: name, among: Format.allCases.map(\.rawValue))
    warnings.append(
      SchemaWarning(
        schemaPath: reader.path(of: .format), code: .unknownFormat,
        sentence: "the format \"\(name)\" is not known and has no effect",
        hint: near.map { "did you mean \"\($0)\"?" }))
  }
}
