public import Records

/// The values one render sees.
///
/// Cheap to make; valid as long as its views are.
public struct TemplateScope {
  /// The record, an object: its members are the names of the template.
  public var record: JSONView
  /// The values of `TemplateEnvironment.roots`, in their order; nil, or an array too short, is undefined.
  public var roots: [JSONView?]

  /// Creates a scope.
  public init(record: JSONView, roots: [JSONView?] = []) {
    self.record = record
    self.roots = roots
  }
}

/// How the text of a render is written.
@frozen public enum Escaping: Sendable {
  /// As it is.
  case none
  /// In the canonical escaped form of a JSON string, without quotes.
  case json
}
