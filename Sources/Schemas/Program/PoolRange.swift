/// Bytes in a program's pool.
struct PoolRange: Sendable, Hashable {
  var start: Int32
  var count: Int32
}
