/// What is known of the records that `join` looks up.
///
/// A class, because those of a stage may have joined records in their turn.
final class JoinedShape {
  /// The names of `joined` that are no fields, where it is a stage's record.
  static let stageNames = ["output", "key", "stages", "item", "index", "items", "joined"]

  /// What they are called.
  let name: String
  /// What they are like; nil when that is not known.
  let records: RecordShape?
  /// The stage that they are of; nil for those of a dataset.
  let stage: StageShape?

  init(name: String, records: RecordShape?, stage: StageShape?) {
    self.name = name
    self.records = records
    self.stage = stage
  }
}
