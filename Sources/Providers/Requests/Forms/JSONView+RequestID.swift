public import Records

extension JSONView {
  /// The id of the request that a shard's line or a results row is of: a string; nil when there is none.
  public var requestID: JSONView? { string("custom_id") ?? string("key") }

  /// The system text of a shard's line, escaped as it stands there; nil when it has none, or several.
  public var requestSystem: JSONView? { RequestBody(self).system }
}
