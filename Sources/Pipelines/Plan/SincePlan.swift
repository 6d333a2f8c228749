/// Which records of a source are read again.
public struct SincePlan: Hashable, Sendable {
  /// How far a reading goes back behind the highest value of the one before.
  public enum Overlap: Hashable, Sendable {
    /// Seconds, where the field is a time.
    case seconds(Int64)
    /// A number, where the field is one.
    case number(Int64)
  }

  /// The field that rises with every change.
  public let field: String
  /// How far a reading goes back; nil begins at the highest value, which is read once more.
  public let overlap: Overlap?
}
