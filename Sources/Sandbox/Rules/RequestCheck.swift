internal import Records

/// Holds bodies against the JSON Schema of requests, when there is one.
struct RequestCheck: Sendable {
  /// What one task needs while it checks.
  struct Scratch {}

  init(_ schema: JSONValue?) {}

  /// The first thing wrong, with its place; nil when nothing is, or without a schema.
  func problem(in params: JSONView, _ scratch: inout Scratch) -> String? { nil }
}
