internal import Records

/// The metaschemas of the drafts, for schemas that refer to them.
enum Metaschemas {
  /// A metaschema by its URI, without fragment; nil for any other URI.
  static func document(_ uri: String) -> JSONValue? {
    guard let text = texts[uri] else { return nil }
    // The texts are constants and a test parses each of them, so nil here means only "not a
    // metaschema".
    return try? JSONValue(parsing: text)
  }

  /// The texts by URI.
  static let texts: [String: String] = draft7.merging(draft202012) { first, _ in first }
}
