/// A schema with a URI of its own: a document, or a subschema with `$id`.
struct SchemaResource: Sendable {
  /// The absolute URI, without fragment.
  var base: SchemaURI
  /// Where the resource begins.
  var root: SchemaLocation
  var dialect: Dialect
  /// Plain-name fragments, `$dynamicAnchor` included.
  var anchors: [[UInt8]: SchemaLocation] = [:]
  /// The names that `$dynamicAnchor` gave.
  var dynamicAnchors: [[UInt8]: SchemaLocation] = [:]
}
