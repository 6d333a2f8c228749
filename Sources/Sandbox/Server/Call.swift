internal import FlyingFox
internal import Records

/// One request to the API, without its body.
struct Call: Sendable {
  let name: Route.Name
  /// The batch or model in the path.
  let id: String
  /// The call's number over all calls, from 1.
  let number: Int
  /// The sandbox's time at its arrival.
  let nowMs: Int64
  /// What `request-id` says.
  let requestID: String
  let workspace: String
  let version: String
  let betas: [String]
  /// Scheme, host and prefix that the client reached the API under.
  let base: String
  let query: [String: String]

  /// The header value of the beta that allows 300,000 output tokens.
  static let longOutputBeta = "output-300k-2026-03-24"

  /// Where a synchronous body stands under this call.
  func setting(_ place: MessageSetting.Place) -> MessageSetting {
    MessageSetting(
      place: place, version: version, allowsLongOutput: betas.contains(Self.longOutputBeta))
  }
}
