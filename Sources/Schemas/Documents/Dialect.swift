/// A draft with the vocabularies that are in force.
struct Dialect: Sendable, Hashable {
  var draft: SchemaDraft
  var vocabularies: Set<Vocabulary>
  /// Whether the dialect itself makes `format` an assertion.
  var assertsFormats = false

  /// A draft with all its vocabularies.
  static func standard(_ draft: SchemaDraft) -> Dialect {
    Dialect(draft: draft, vocabularies: Set(Vocabulary.allCases))
  }

  /// The keyword of this name that is in force; nil for a name that only annotates.
  func keyword(_ name: String) -> Keyword? {
    guard let keyword = Keyword(name: name), keyword.belongs(to: draft),
      vocabularies.contains(keyword.home)
    else { return nil }
    return keyword
  }

  /// Whether `$ref` makes its siblings void, as in draft 7.
  var referenceStandsAlone: Bool { draft == .draft7 }
}
