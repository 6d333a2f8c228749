/// The keywords of the drafts that are understood.
enum Keyword: String, CaseIterable, Sendable {
  case schema = "$schema", vocabulary = "$vocabulary", id = "$id", anchor = "$anchor"
  case dynamicAnchor = "$dynamicAnchor", ref = "$ref", dynamicRef = "$dynamicRef", defs = "$defs"
  case definitions, comment = "$comment"
  case allOf, anyOf, oneOf, not, `if`, then, `else`
  case properties, patternProperties, additionalProperties, propertyNames
  case dependentSchemas, dependencies
  case prefixItems, items, additionalItems, contains
  case type, `enum`, const, multipleOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum
  case minLength, maxLength, pattern
  case minItems, maxItems, uniqueItems, minContains, maxContains
  case minProperties, maxProperties, required, dependentRequired
  case unevaluatedItems, unevaluatedProperties
  case format, contentEncoding, contentMediaType, contentSchema
  case title, description, `default`, examples, readOnly, writeOnly, deprecated

  /// A keyword by its name, compared by bytes.
  init?(name: String) {
    guard let keyword = Keyword(rawValue: name), keyword.rawValue.utf8.elementsEqual(name.utf8)
    else { return nil }
    self = keyword
  }

  /// What a keyword's value holds that is a schema itself.
  enum Holding { case nothing, schema, list, map, schemaOrList, mapOfSchemasOrNames }

  /// Where subschemas lie in the keyword's value.
  var holding: Holding {
    switch self {
    case .not, .if, .then, .else, .additionalProperties, .propertyNames, .additionalItems,
      .contains,
      .unevaluatedItems, .unevaluatedProperties, .contentSchema:
      .schema
    case .allOf, .anyOf, .oneOf, .prefixItems: .list
    case .properties, .patternProperties, .dependentSchemas, .defs, .definitions: .map
    case .items: .schemaOrList
    case .dependencies: .mapOfSchemasOrNames
    default: .nothing
    }
  }

  /// The vocabulary of draft 2020-12 that the keyword belongs to.
  var home: Vocabulary {
    switch self {
    case .schema, .vocabulary, .id, .anchor, .dynamicAnchor, .ref, .dynamicRef, .defs, .definitions,
      .comment:
      .core
    case .allOf, .anyOf, .oneOf, .not, .if, .then, .else, .properties, .patternProperties,
      .additionalProperties, .propertyNames, .dependentSchemas, .dependencies, .prefixItems, .items,
      .additionalItems, .contains:
      .applicator
    case .unevaluatedItems, .unevaluatedProperties: .unevaluated
    case .format: .format
    case .contentEncoding, .contentMediaType, .contentSchema: .content
    case .title, .description, .default, .examples, .readOnly, .writeOnly, .deprecated: .metadata
    default: .validation
    }
  }

  /// Whether a draft knows the keyword.
  ///
  /// `definitions` and `dependencies` are no keywords of 2020-12, but its metaschema still
  /// describes them; they keep their meaning.
  func belongs(to draft: SchemaDraft) -> Bool {
    switch self {
    case .vocabulary, .anchor, .dynamicAnchor, .dynamicRef, .defs, .prefixItems, .dependentSchemas,
      .dependentRequired, .minContains, .maxContains, .unevaluatedItems, .unevaluatedProperties,
      .contentSchema, .deprecated:
      draft == .draft202012
    case .additionalItems: draft == .draft7
    default: true
    }
  }
}
