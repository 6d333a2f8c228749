/// A record that did not make it.
public struct Failure: Sendable, Equatable {
  /// The stage.
  public let stage: String
  /// The record's key.
  public let key: [UInt8]
  /// The reason, a kebab-case code.
  public let reason: String
  /// The words behind it.
  public let detail: String?
  /// How many requests were made for it; 0 when it was rejected before it was sent.
  public let attempts: Int
}
