/// How a stage's requests go to the provider. No part of an answer's identity.
public enum SpeedMode: String, Sendable, CaseIterable {
  /// In batches.
  case batch
  /// One by one over the synchronous API, many at a time.
  case concurrent
  /// As volume and price suggest.
  case auto
}
