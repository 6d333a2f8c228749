/// A record whose answer was accepted after a repair.
public struct RepairedAnswer: Sendable, Equatable {
  /// Its stage.
  public let stage: String
  /// Its key.
  public let key: [UInt8]
  /// What was repaired.
  public let detail: String
}
