internal import Pipelines
internal import Providers

/// One provider entry, ready to be called: its calls, its clock, and how failed calls are repeated.
struct ProviderSession: Sendable {
  /// The entry's name.
  let name: String
  /// The kind and origin of the endpoint: what the ledger is bound to.
  let kind: String
  let origin: String
  /// The account that pipelines share: the endpoint and a hash of the key.
  let account: String
  let batches: any BatchProvider
  /// The calls for one request; nil where only batches are spoken.
  let messages: (any MessageProvider)?

  /// The endpoint's own counter of tokens; nil where there is none.
  let counter: TokenCounter?

  /// The calls for one request.
  var oneByOne: any MessageProvider {
    guard let messages else {
      preconditionFailure("only a provider that is asked one by one gets such a stage")
    }
    return messages
  }

  let clock: RunClock
  let backoff: BackoffPolicy
  /// Whether the endpoint called itself a sandbox.
  let isSandbox: Bool
  let report: @Sendable (RunEvent) -> Void

  /// Makes a call that may be repeated, as often as the policy allows, and takes note of the provider's time.
  func call<Value>(
    _ body: () async throws(ProviderError) -> Value
  ) async throws(ProviderError) -> Value {
    var random = SystemRandomNumberGenerator()
    let report = report
    let backoff = backoff
    return try await backoff.run(on: clock, random: &random) { () throws(ProviderError) in
      do throws(ProviderError) {
        return try await body()
      } catch {
        if backoff.isRepeatable(error) { report(.retrying(error)) }
        throw error
      }
    }
  }
}
