public import Records

extension JSONView {
  /// The id of the request that a shard's line or a results row is of: a string; nil when there is none.
  public var requestID: JSONView? { string("custom_id") }
}
