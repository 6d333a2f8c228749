/// Why an item that was there before a reading wants something else after it.
struct ItemChange {
  /// What kind of change it is.
  enum Kind: Int64 {
    /// Its record was gone, and came back.
    case new = 1
    /// A field changed that key or templates read.
    case edited = 2
    /// Template, model, schema or parameters changed.
    case reasked = 3
    /// It had failed, or its request was lost.
    case retried = 4
  }

  let kind: Kind
  /// All that is different; of an edited record, a change of the template cannot be told from its own.
  let causes: ChangeCauses

  /// Tells the change from what the item was and what its record says now.
  ///
  /// - Parameters:
  ///   - item: The item as it was.
  ///   - row: What its record says.
  ///   - planCauses: What is different between the item's plan and the reading's.
  init(of item: KnownItem, to row: AdmissionBatch.Row, planCauses: ChangeCauses) {
    kind =
      switch item.state {
      case .removed: .new
      case _ where !row.hasFields(item.fields): .edited
      case .rejected, .unread: .retried
      case .pending, .packed, .accepted, .twin: .reasked
      }
    switch kind {
    case .new: causes = []
    case .edited: causes = planCauses.union(.record)
    case .reasked, .retried: causes = Self.textCauses(of: item, to: row, planCauses: planCauses)
    }
  }

  /// What is different in the way of asking between what an item wants and what its record, itself as it was, says.
  static func textCauses(
    of item: KnownItem, to row: AdmissionBatch.Row, planCauses: ChangeCauses
  ) -> ChangeCauses {
    let isOtherText = item.content != nil && item.content != row.content
    return isOtherText ? planCauses.union(.template) : planCauses
  }

  /// The same, as a change of the record.
  var edited: ItemChange { ItemChange(kind: .edited, causes: causes) }

  private init(kind: Kind, causes: ChangeCauses) {
    self.kind = kind
    self.causes = causes
  }

  /// The stored form.
  var code: Int64 { kind.rawValue | causes.rawValue << 8 }

  /// Reads the stored form.
  init(stored code: Int64) {
    guard let kind = Kind(rawValue: code & 0xFF) else {
      preconditionFailure("only known changes are stored")
    }
    self.kind = kind
    causes = ChangeCauses(rawValue: code >> 8)
  }
}

extension ReadingTally {
  /// Counts a change (or, by -1, takes it back). What is answered already is not asked for again.
  mutating func count(_ change: ItemChange, leadingTo state: ItemState, by amount: Int) {
    switch change.kind {
    case .new: new += amount
    case .edited:
      edited += amount
      causes[change.causes, default: 0] += amount
    case .reasked:
      guard state != .accepted else { return }
      reasked += amount
      causes[change.causes, default: 0] += amount
    case .retried: retried += amount
    }
  }
}
