/// Which changes leave an accepted answer as it is.
public struct ReusePolicy: Sendable, Equatable {
  /// Changes after which an answer still counts.
  public var kept: ChangeCauses
  /// Changes after which an answer counts if it was found good again: if the ledger has it under the new plan, too.
  public var revalidated: ChangeCauses

  /// Creates a policy; without arguments, every change asks again.
  public init(kept: ChangeCauses = [], revalidated: ChangeCauses = []) {
    self.kept = kept
    self.revalidated = revalidated
  }
}
