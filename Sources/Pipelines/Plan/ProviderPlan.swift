public import Providers

/// An endpoint of a provider, without its key.
public struct ProviderPlan: Hashable, Sendable {
  /// What a million tokens cost, in billionths of a US dollar, without the batch discount.
  public struct Price: Hashable, Sendable {
    /// Of input.
    public let input: Int64
    /// Of output.
    public let output: Int64
  }

  /// What an account may have waiting at the provider.
  public struct Queue: Hashable, Sendable {
    /// Requests in all batches that have not ended.
    public let requests: Int
    /// Their input tokens by the high estimate; nil when that is not limited.
    public let inputTokens: Int?
  }

  /// Its name: the one under `providers`, or the kind's.
  public let name: String
  /// Which API it speaks.
  public let kind: ProviderKind
  /// Where the API is, without a slash at its end.
  public let baseURL: String
  /// The environment variable that holds the key; nil where none is needed.
  public let keyVariable: String?
  /// The version header that is sent; empty where there is none.
  public let apiVersion: String
  /// The form of the requests.
  public let form: RequestForm
  /// Prices that count instead of the catalogue's; nil when none are given.
  public let price: Price?
  /// Batches of the account at the provider at one time, of all pipelines of a state root; nil when that is not limited.
  public let inFlight: Int?
  /// What the account may have waiting.
  public let queue: Queue
  /// Concurrent calls a minute; nil when that is not limited.
  public let callsPerMinute: Int?
  /// Tokens a minute of concurrent calls; nil when that is not limited.
  public let tokensPerMinute: Int?
}
