/// Where a Messages body stands, as far as its rules depend on it.
struct MessageSetting: Sendable {
  enum Place: Sendable { case batchRow, message, tokenCount }

  var place: Place
  /// The `anthropic-version` of the call (for a row: of the batch's create call).
  var version: String
  /// Whether the beta header for 300,000 output tokens was sent.
  var allowsLongOutput = false

  /// Whether the version is the one that refuses sampling parameters for every model.
  var refusesSampling: Bool { version == APIVersion.newest }
}

/// The API versions there are.
enum APIVersion {
  static let newest = "2026-10-21"
  static let known = ["2023-06-01", newest]
}
