/// A provider's batch API: one method a call. A call is made once; `BackoffPolicy` decides on another try.
///
/// Called for batches, never for rows: what differs from row to row is read by ``ResultRow`` and written by
/// ``RequestBuilder``, which know the forms themselves. A synchronous call for one request belongs beside this, over
/// the same ``ProviderCalls``.
public protocol BatchProvider: Sendable {
  /// The base URL without a slash at its end.
  var baseURL: String { get }
  /// The base URL's scheme, host and port: the only place the key is sent to.
  var origin: HTTPOrigin { get }
  /// How a batch is found again whose create was not answered.
  var adoption: BatchAdoption { get }

  /// Makes a batch from a shard file, streamed.
  ///
  /// What costs money is sent once and never repeated underneath. On an error, `outcome` says whether a batch may exist.
  ///
  /// - Parameters:
  ///   - shard: The requests.
  ///   - marker: What the batch is to be found again by, where the provider keeps such a thing.
  /// - Returns: The batch.
  /// - Throws: `ProviderError`.
  func create(_ shard: ShardBody, marker: String) async throws(ProviderError) -> BatchState

  /// Reads a batch's state. Safe to repeat.
  ///
  /// - Parameters:
  ///   - id: The batch.
  ///   - createdAt: When it was made by the provider's clock, in UTC milliseconds, if that is known: a young batch that
  ///     is not found is reported as `isNotYetVisible`.
  /// - Returns: The state.
  /// - Throws: `ProviderError`.
  func retrieve(_ id: String, createdAt: Int64?) async throws(ProviderError) -> BatchState

  /// The newest batch, if there is one, and what the answer says of the server. Safe to repeat.
  ///
  /// - Throws: `ProviderError`.
  func newest() async throws(ProviderError) -> BatchPage

  /// What the server says of itself, whether or not it has a batch API. Safe to repeat.
  ///
  /// - Throws: `ProviderError`.
  func probe() async throws(ProviderError) -> ServerFacts

  /// Lists every batch made at or after a time by the provider's clock, in UTC milliseconds, newest first. Safe to
  /// repeat.
  ///
  /// - Throws: `ProviderError`.
  func list(createdSince time: Int64) async throws(ProviderError) -> BatchPage

  /// Downloads an ended batch's results into one file, whole and synced, or not at all. Safe to repeat.
  ///
  /// - Parameters:
  ///   - batch: The batch. The key goes nowhere but to the endpoint's own origin.
  ///   - path: The file; made or emptied, removed on failure.
  /// - Returns: The number of bytes, and what the last answer said of itself.
  /// - Throws: `ProviderError`.
  func results(
    of batch: BatchState, to path: String
  ) async throws(ProviderError) -> (byteCount: Int, answer: ServerFacts)

  /// Asks for a batch to be canceled; what is finished stays. Safe to repeat.
  ///
  /// - Throws: `ProviderError`.
  func cancel(_ id: String) async throws(ProviderError) -> BatchState

  /// Removes what the provider keeps of an ended batch.
  ///
  /// - Throws: `ProviderError`; that it is not there any more, too.
  func delete(_ id: String) async throws(ProviderError)
}

/// How a batch is found again whose create was not answered.
public enum BatchAdoption: Hashable, Sendable {
  /// By the marker it was created with, at once.
  case marker
  /// By its time and size; that it is the right one shows at its end, in its custom_ids.
  case customIDs
  /// By the marker, where the provider keeps it; else by time and size, as far as these are told.
  case markerOrCustomIDs
}

extension BatchProvider {
  /// What the newest batch is told with.
  ///
  /// - Throws: `ProviderError`.
  public func probe() async throws(ProviderError) -> ServerFacts { try await newest().answer }
}
