/// Anthropic's Message Batches API, one method a call.
///
/// Nothing is tried twice here: `BackoffPolicy` decides on that.
public struct AnthropicBatches: Sendable {
  /// A batch younger than this that is not found may only not be visible yet.
  public static let visibilityGrace = Duration.seconds(600)

  private let endpoint: AnthropicEndpoint
  private let client: HTTPClient
  private let timeouts: Timeouts

  /// Bounds on the time of each kind of call.
  public struct Timeouts: Hashable, Sendable {
    /// For creating a batch: the upload, and the time the provider takes to store it.
    public var create = HTTPRequest.Timeouts(stall: .seconds(300), total: .seconds(3600))
    /// For downloading results.
    public var results = HTTPRequest.Timeouts(stall: .seconds(120), total: .seconds(14_400))
    /// For everything else.
    public var other = HTTPRequest.Timeouts(stall: .seconds(60), total: .seconds(120))

    /// Creates the usual bounds.
    public init() {}
  }

  /// Creates a client of one endpoint; nothing is opened yet.
  public init(endpoint: AnthropicEndpoint, client: HTTPClient, timeouts: Timeouts = Timeouts()) {
    self.endpoint = endpoint
    self.client = client
    self.timeouts = timeouts
  }

  /// Makes a batch from a shard file, streamed, over a connection of its own.
  ///
  /// The call is made once and never repeated underneath. On an error, `outcome` says whether a batch may exist.
  ///
  /// - Throws: `ProviderError`.
  public func create(_ shard: ShardBody) async throws(ProviderError) -> BatchState {
    var request = request(.post, "")
    request.headers.append(("Content-Type", "application/json"))
    request.body = shard.httpBody
    request.isUnrepeatable = true
    request.timeouts = timeouts.create
    return try await batch(.create, request)
  }

  /// Reads a batch's state.
  ///
  /// Safe to repeat.
  ///
  /// - Parameters:
  ///   - id: The batch.
  ///   - createdAt: When it was made by the provider's clock, in UTC milliseconds, if that is known: a batch
  ///     younger than `visibilityGrace` that is not found is reported as `isNotYetVisible`.
  /// - Returns: The state.
  /// - Throws: `ProviderError`.
  public func retrieve(
    _ id: String, createdAt: Int64? = nil
  ) async throws(ProviderError) -> BatchState {
    do throws(ProviderError) {
      return try await batch(.retrieve, request(.get, try path(.retrieve, id)))
    } catch {
      guard error.isNotFound, let createdAt, let now = error.serverDate,
        Duration.milliseconds(now - createdAt) < Self.visibilityGrace
      else { throw error }
      var notYet = error
      notYet.isNotYetVisible = true
      throw notYet
    }
  }

  /// Lists batches, newest first.
  ///
  /// Safe to repeat.
  ///
  /// - Parameters:
  ///   - after: The last id of the page before; nil for the newest.
  ///   - limit: How many, 1 to 1,000.
  /// - Returns: One page.
  /// - Throws: `ProviderError`.
  public func list(
    after: String? = nil, limit: Int = 100
  ) async throws(ProviderError) -> BatchPage {
    var query = ""
    if let after { query = "&after_id=\(try path(.list, after).dropFirst())" }
    let request = request(.get, "?limit=\(limit)\(query)")
    let answer = try await answer(.list, request)
    return try read(.list, answer) { reply throws(BatchReply.Mismatch) in try reply.page() }
  }

  /// Lists every batch made at or after a time, newest first: as many pages as that takes.
  ///
  /// - Parameter time: By the provider's clock, in UTC milliseconds.
  /// - Returns: The batches, and what the last answer said of itself.
  /// - Throws: `ProviderError`.
  public func list(createdSince time: Int64) async throws(ProviderError) -> BatchPage {
    var all = try await list()
    while all.hasMore, let last = all.lastID, all.batches.last.map({ $0.createdAt >= time }) == true
    {
      let page = try await list(after: last)
      all.batches += page.batches
      // An endpoint that repeats itself would never end.
      all.hasMore = page.hasMore && page.lastID != last
      all.lastID = page.lastID
      all.answer = page.answer
    }
    all.batches.removeAll { $0.createdAt < time }
    return all
  }

  /// Downloads a batch's results into a file, whole and synced, or not at all.
  ///
  /// Safe to repeat; a cut download starts again from zero.
  ///
  /// - Parameters:
  ///   - batch: The ended batch. Its results URL must be of the endpoint's own origin: the key goes nowhere else.
  ///   - path: The file; made or emptied, removed on failure.
  /// - Returns: The number of bytes, and what the answer said of itself.
  /// - Throws: `ProviderError`.
  public func results(
    of batch: BatchState, to path: String
  ) async throws(ProviderError) -> (byteCount: Int, answer: ServerFacts) {
    if batch.archivedAt != nil {
      throw ProviderError(
        .results, .resultsGone("the provider no longer keeps the results of \(batch.id)"))
    }
    guard let url = batch.resultsURL else {
      throw ProviderError(.results, .noResults("the results of \(batch.id) are not there yet"))
    }
    guard let origin = HTTPOrigin(of: url) else {
      throw ProviderError(.results, .unreadable("`results_url` is no URL"))
    }
    guard origin == endpoint.origin else {
      throw ProviderError(.results, .foreignOrigin(origin.description))
    }
    var request = HTTPRequest(.get, url)
    request.headers = endpoint.headers + [("Accept", "application/binary")]
    request.destination = .file(path: path)
    request.timeouts = timeouts.results
    let answer = try await answer(.results, request)
    return (answer.bodyByteCount, ServerFacts(answer))
  }

  /// Asks for a batch to be canceled; what is finished stays.
  ///
  /// Safe to repeat.
  ///
  /// - Throws: `ProviderError`.
  public func cancel(_ id: String) async throws(ProviderError) -> BatchState {
    try await batch(.cancel, request(.post, "\(try path(.cancel, id))/cancel"))
  }

  /// Removes an ended batch and its results from the provider.
  ///
  /// Repeated, the batch is not found.
  ///
  /// - Throws: `ProviderError`.
  public func delete(_ id: String) async throws(ProviderError) {
    _ = try await answer(.delete, request(.delete, try path(.delete, id)))
  }

  /// A batch's part of a path; nothing else gets into one.
  private func path(
    _ operation: ProviderError.Operation, _ id: String
  ) throws(ProviderError) -> String {
    guard BatchReply.isSafe(id) else { throw ProviderError(operation, .badID) }
    return "/\(id)"
  }

  private func request(_ method: HTTPRequest.Method, _ path: String) -> HTTPRequest {
    var request = HTTPRequest(method, "\(endpoint.baseURL)/v1/messages/batches\(path)")
    request.headers = endpoint.headers
    request.timeouts = timeouts.other
    return request
  }

  private func batch(
    _ operation: ProviderError.Operation, _ request: HTTPRequest
  ) async throws(ProviderError) -> BatchState {
    let answer = try await answer(operation, request)
    return try read(operation, answer) { reply throws(BatchReply.Mismatch) in try reply.batch() }
  }

  private func answer(
    _ operation: ProviderError.Operation, _ request: HTTPRequest
  ) async throws(ProviderError) -> HTTPResponse {
    let answer: HTTPResponse
    do throws(HTTPFailure) {
      answer = try await client.send(request)
    } catch {
      throw ProviderError(operation, .connection(error))
    }
    guard answer.isSuccess else {
      throw ProviderError(operation, answer: answer, secret: endpoint.key)
    }
    return answer
  }

  private func read<Value>(
    _ operation: ProviderError.Operation, _ answer: HTTPResponse,
    _ body: (BatchReply) throws(BatchReply.Mismatch) -> Value
  ) throws(ProviderError) -> Value {
    do throws(BatchReply.Mismatch) {
      return try body(try BatchReply(answer))
    } catch {
      var unreadable = ProviderError(operation, .unreadable(error.sentence))
      unreadable.requestID = answer.header("request-id")
      unreadable.serverDate = answer.date
      throw unreadable
    }
  }
}
