/// Anthropic's Message Batches API.
public struct AnthropicBatches: BatchProvider {
  private var calls: ProviderCalls

  /// Creates a client of one endpoint; nothing is opened yet.
  public init(
    endpoint: AnthropicEndpoint, client: HTTPClient, timeouts: CallTimeouts = CallTimeouts()
  ) {
    calls = endpoint.calls(over: client)
    calls.timeouts = timeouts
  }

  /// The base URL without a slash at its end.
  public var baseURL: String { calls.baseURL }
  /// The base URL's scheme, host and port: the only place the key is sent to.
  public var origin: HTTPOrigin { calls.origin }
  /// A batch has room for no marker.
  public var adoption: BatchAdoption { .customIDs }

  /// Makes a batch from a shard file, streamed, over a connection of its own.
  ///
  /// The marker is not sent: a batch has no place for one.
  ///
  /// - Throws: `ProviderError`.
  public func create(
    _ shard: ShardBody, marker: String
  ) async throws(ProviderError) -> BatchState {
    var request = request(.post, "")
    request.headers.append(("Content-Type", "application/json"))
    request.body = shard.httpBody
    request.isUnrepeatable = true
    request.timeouts = calls.timeouts.create
    return try await batch(.create, request)
  }

  /// Reads a batch's state.
  ///
  /// - Throws: `ProviderError`.
  public func retrieve(
    _ id: String, createdAt: Int64? = nil
  ) async throws(ProviderError) -> BatchState {
    do throws(ProviderError) {
      return try await batch(.retrieve, request(.get, try path(.retrieve, id)))
    } catch {
      throw ProviderCalls.visible(error, createdAt: createdAt)
    }
  }

  /// The newest batch, if there is one.
  ///
  /// - Throws: `ProviderError`.
  public func newest() async throws(ProviderError) -> BatchPage { try await list(limit: 1) }

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
    return try await calls.read(.list, request) { value, facts throws(ReplyMismatch) in
      try BatchReply.page(value, facts)
    }
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
    guard origin == calls.origin else {
      throw ProviderError(.results, .foreignOrigin(origin.description))
    }
    var request = HTTPRequest(.get, url)
    request.headers = calls.headers + [("Accept", "application/binary")]
    request.destination = .file(path: path)
    request.timeouts = calls.timeouts.results
    let answer = try await calls.answer(.results, request)
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
    _ = try await calls.answer(.delete, request(.delete, try path(.delete, id)))
  }

  /// A batch's part of a path; nothing else gets into one.
  private func path(
    _ operation: ProviderError.Operation, _ id: String
  ) throws(ProviderError) -> String {
    guard ProviderCalls.isSafe(id) else { throw ProviderError(operation, .badID) }
    return "/\(id)"
  }

  private func request(_ method: HTTPRequest.Method, _ path: String) -> HTTPRequest {
    calls.request(method, "/v1/messages/batches\(path)")
  }

  private func batch(
    _ operation: ProviderError.Operation, _ request: HTTPRequest
  ) async throws(ProviderError) -> BatchState {
    try await calls.read(operation, request) { value, facts throws(ReplyMismatch) in
      try BatchReply.batch(value, facts)
    }
  }
}
