/// A version of JSON Schema that is understood in full.
public enum SchemaDraft: Sendable, Hashable, CaseIterable {
  /// Draft 7 (`http://json-schema.org/draft-07/schema#`).
  case draft7
  /// Draft 2020-12 (`https://json-schema.org/draft/2020-12/schema`).
  case draft202012

  /// The URI that `$schema` names it by, without an empty fragment.
  public var metaschema: String {
    switch self {
    case .draft7: "http://json-schema.org/draft-07/schema"
    case .draft202012: "https://json-schema.org/draft/2020-12/schema"
    }
  }
}
