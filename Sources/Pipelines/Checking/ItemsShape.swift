/// What is known of `items`, the records that a group is made of.
///
/// A class, because they may be groups themselves.
final class ItemsShape {
  /// What may be read of a record before it was grouped.
  let scope: ReadsCheck

  init(_ scope: ReadsCheck) { self.scope = scope }

  /// What only items have, besides their fields and roots.
  static let key = "key"
}
