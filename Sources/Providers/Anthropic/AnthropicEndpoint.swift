/// Where and how Anthropic's API is called.
public struct AnthropicEndpoint: Sendable {
  /// The header that carries the key.
  public enum KeyHeader: String, Sendable, CaseIterable {
    /// `Authorization: Bearer …`, what the newest official clients send.
    case bearer
    /// `x-api-key: …`, what older ones send.
    case apiKey = "x-api-key"
  }

  /// The base URL without a slash at its end.
  public let baseURL: String
  /// The base URL's scheme, host and port: the only place the key is sent to.
  public let origin: HTTPOrigin
  /// The `anthropic-version` header.
  public let apiVersion: String
  /// The values of the `anthropic-beta` header.
  public let betas: [String]
  let key: APIKey
  let keyHeader: KeyHeader
  private let otherHeaders: [(name: String, value: String)]

  /// Describes an endpoint.
  ///
  /// Nil when `baseURL` is no absolute `http` or `https` URL or has a query or fragment, or when the version, a beta or
  /// another header holds something that no header may.
  public init?(
    baseURL: String, key: APIKey, apiVersion: String, keyHeader: KeyHeader = .bearer,
    betas: [String] = [], otherHeaders: [(name: String, value: String)] = []
  ) {
    guard let origin = HTTPOrigin(of: baseURL), !baseURL.contains("?"), !baseURL.contains("#")
    else { return nil }
    let words = [apiVersion] + betas
    guard words.allSatisfy({ $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }) else { return nil }
    guard otherHeaders.allSatisfy({ HeaderRule.isSendable($0.name, $0.value) }) else { return nil }
    self.otherHeaders = otherHeaders
    self.origin = origin
    self.baseURL = String(baseURL.reversed().drop { $0 == "/" }.reversed())
    self.key = key
    self.apiVersion = apiVersion
    self.keyHeader = keyHeader
    self.betas = betas
  }

  /// What makes calls of the endpoint.
  func calls(over client: HTTPClient) -> ProviderCalls {
    guard
      let calls = ProviderCalls(
        baseURL: baseURL, key: key, in: keyPlace, otherHeaders: versionHeaders, client: client)
    else { preconditionFailure("an endpoint has a base URL") }
    return calls
  }

  /// The header that carries the key, and what stands before it there.
  var keyPlace: (name: String, prefix: String) {
    switch keyHeader {
    case .bearer: ("Authorization", "Bearer ")
    case .apiKey: ("x-api-key", "")
    }
  }

  /// The headers of every call.
  var headers: [(name: String, value: String)] {
    [(keyPlace.name, keyPlace.prefix + key.revealed)] + versionHeaders
  }

  /// The headers of every call but the key's.
  var versionHeaders: [(name: String, value: String)] {
    var headers = [(name: "anthropic-version", value: apiVersion)]
    if !betas.isEmpty { headers.append(("anthropic-beta", betas.joined(separator: ","))) }
    return headers + otherHeaders
  }
}
