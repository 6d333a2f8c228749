/// A run of node indices in a program's lists.
struct IndexList: Sendable, Hashable {
  var start: Int32
  var count: Int32

  static let empty = IndexList(start: 0, count: 0)
}
