/// How a batch ends, and which of its rows are done by then.
struct BatchEnding: Hashable, Sendable {
  enum Kind: String, Hashable, Sendable { case finished, canceled, expired, failed }

  let kind: Kind
  /// When it ends.
  let atMs: Int64
  /// A row whose own moment (0…1, drawn) lies below this share is done; the others end as `kind`
  /// says.
  let doneShare: Double

  init(_ kind: Kind, atMs: Int64, doneShare: Double) {
    self.kind = kind
    self.atMs = atMs
    self.doneShare = doneShare
  }
}
