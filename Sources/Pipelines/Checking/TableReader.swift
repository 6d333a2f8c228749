/// A stage whose records come from a table, and what of them its key and templates read.
struct TableReader {
  /// The stage.
  let stage: String
  /// The source at the beginning of its chain.
  let source: SourcePlan
  /// What is read.
  let reads: RecordReads
}
