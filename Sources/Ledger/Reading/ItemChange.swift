/// Why an item that was there before a reading wants something else after it.
enum ItemChange: Int64 {
  /// Its record was gone, and came back.
  case new = 1
  /// A field changed that key or templates read.
  case edited = 2
  /// Template, model, schema or parameters changed.
  case reasked = 3
  /// It had failed, or its request was lost.
  case retried = 4

  /// Tells the change from what the item was and what its record says now.
  init(of item: KnownItem, to row: AdmissionBatch.Row) {
    switch item.state {
    case .removed: self = .new
    case _ where item.fields != row.fields: self = .edited
    case .rejected, .unread: self = .retried
    case .pending, .packed, .accepted, .twin: self = .reasked
    }
  }
}

extension ReadingTally {
  /// Counts a change (or, by -1, takes it back). What is answered already is not asked for again.
  mutating func count(_ change: ItemChange, leadingTo state: ItemState, by amount: Int) {
    switch change {
    case .new: new += amount
    case .edited: edited += amount
    case .reasked: if state != .accepted { reasked += amount }
    case .retried: retried += amount
    }
  }
}
