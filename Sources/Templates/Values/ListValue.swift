/// A list: shared by all that name it, as in Python.
final class ListValue {
  var items: [Value]

  init(_ items: [Value]) { self.items = items }
}

/// A tuple, and what `groupby` makes: a pair whose members have names too.
struct TupleValue {
  var items: [Value]
  /// Whether the members are also called `grouper` and `list`.
  var isGroup = false

  init(_ items: [Value], isGroup: Bool = false) {
    self.items = items
    self.isGroup = isGroup
  }
}
