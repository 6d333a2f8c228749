internal import FlyingFox
internal import Records

/// One request to the API, without its body.
struct Call: Sendable {
  let api: SandboxAPI
  let name: Route.Name
  /// The batch, file or model in the path.
  let id: String
  /// The call's number over all calls, from 1.
  let number: Int
  /// The sandbox's time at its arrival.
  let nowMs: Int64
  /// The provider's id of the request.
  let requestID: String
  let workspace: String
  /// Scheme, host and prefix that the client reached the API under.
  let base: String
  let query: [String: String]
  /// The headers that a call's meaning depends on, by their names in lower case.
  let headers: [String: String]

  /// The headers of which `headers` keeps the values.
  static let meaningful = [
    "anthropic-version", "anthropic-beta", "content-type", "x-goog-upload-command",
    "x-goog-upload-offset", "x-goog-upload-protocol", "x-goog-upload-header-content-type",
    "x-goog-upload-header-content-length", "x-goog-upload-file-name",
  ]
}
