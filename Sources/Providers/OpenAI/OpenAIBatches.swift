internal import Records

/// OpenAI's Batch API, and that of servers that speak it: a file is uploaded, a batch made of it, and what came of it lies
/// in up to two files.
public struct OpenAIBatches: BatchProvider {
  /// Whose server it is.
  public enum Maker: Hashable, Sendable {
    /// OpenAI's.
    case openAI
    /// Somebody else's, which only resembles it.
    case others
  }

  /// The member of a batch's metadata that holds its marker.
  static let markerName = "leaven"

  let calls: ProviderCalls
  private let form: RequestForm
  private let maker: Maker

  /// Creates a client of one endpoint; nothing is opened yet.
  ///
  /// Nil when the address is no absolute `http` or `https` URL or has a query or fragment.
  public init?(
    at address: ProviderAddress, like maker: Maker = .openAI, client: HTTPClient,
    timeouts: CallTimeouts = CallTimeouts()
  ) {
    guard var calls = Self.calls(at: address, client: client) else { return nil }
    calls.timeouts = timeouts
    self.calls = calls
    self.maker = maker
    form = address.form
  }

  /// Calls to an address, with the key where this API has it.
  static func calls(at address: ProviderAddress, client: HTTPClient) -> ProviderCalls? {
    var headers = address.headers
    if !address.betas.isEmpty {
      headers.append(("OpenAI-Beta", address.betas.joined(separator: ",")))
    }
    guard headers.allSatisfy({ HeaderRule.isSendable($0.name, $0.value) }) else { return nil }
    return ProviderCalls(
      baseURL: address.baseURL, key: address.key, in: ("Authorization", "Bearer "),
      otherHeaders: headers, client: client)
  }

  /// The base URL without a slash at its end.
  public var baseURL: String { calls.baseURL }
  /// The base URL's scheme, host and port: the only place the key is sent to.
  public var origin: HTTPOrigin { calls.origin }
  /// A batch keeps its marker in its metadata; some servers drop that.
  public var adoption: BatchAdoption { maker == .openAI ? .marker : .markerOrCustomIDs }

  /// Uploads the shard's lines as a file, and makes a batch of it.
  ///
  /// The upload costs nothing, so an error in it leaves no doubt: there is no batch. A file that no batch was made of is
  /// removed, as far as that can be done now; the provider removes it in the end anyway.
  ///
  /// - Throws: `ProviderError`.
  public func create(
    _ shard: ShardBody, marker: String
  ) async throws(ProviderError) -> BatchState {
    let file = try await upload(shard)
    var request = calls.request(.post, "/batches")
    request.headers.append(("Content-Type", "application/json"))
    request.body = .bytes(Array(order(file, marker).compact.utf8))
    request.isUnrepeatable = true
    request.timeouts = calls.timeouts.create
    do throws(ProviderError) {
      return try await batch(.create, request)
    } catch {
      // The file is of no use then; that it cannot be removed is no matter.
      if error.outcome != .ambiguous { try? await delete(file: file) }
      throw error
    }
  }

  private func order(_ file: String, _ marker: String) -> JSONValue {
    .object([
      JSONValue.Member("input_file_id", .string(file)),
      JSONValue.Member("endpoint", .string(form.path)),
      JSONValue.Member("completion_window", .string("24h")),
      JSONValue.Member("metadata", .object([Self.markerName: .string(marker)])),
    ])
  }

  private func upload(_ shard: ShardBody) async throws(ProviderError) -> String {
    let form = MultipartForm(fields: [("purpose", "batch")], fileName: "requests.jsonl")
    var request = calls.request(.post, "/files")
    request.headers.append(("Content-Type", form.contentType))
    request.body = shard.body(in: form)
    request.timeouts = calls.timeouts.create
    return try await calls.read(.upload, request) { value, _ throws(ReplyMismatch) in
      guard let id = value["id"]?.string, ProviderCalls.isSafe(id) else {
        throw ReplyMismatch(sentence: "`id` is not the id of a file")
      }
      return id
    }
  }

  /// Reads a batch's state.
  ///
  /// - Throws: `ProviderError`.
  public func retrieve(
    _ id: String, createdAt: Int64? = nil
  ) async throws(ProviderError) -> BatchState {
    do throws(ProviderError) {
      return try await batch(.retrieve, calls.request(.get, try path(.retrieve, id)))
    } catch {
      throw ProviderCalls.visible(error, createdAt: createdAt)
    }
  }

  /// The newest batch, if there is one.
  ///
  /// - Throws: `ProviderError`.
  public func newest() async throws(ProviderError) -> BatchPage {
    try await list(after: nil, limit: 1)
  }

  /// What the server says of itself: there is always a list of models, and where there is none an answer.
  ///
  /// - Throws: `ProviderError`.
  public func probe() async throws(ProviderError) -> ServerFacts {
    guard maker == .others else { return try await newest().answer }
    do throws(ProviderError) {
      return ServerFacts(try await calls.answer(.list, calls.request(.get, "/models")))
    } catch {
      guard let status = error.status, status == 404 || status == 405 else { throw error }
      return ServerFacts()
    }
  }

  private func list(after: String?, limit: Int) async throws(ProviderError) -> BatchPage {
    var query = "?limit=\(limit)"
    if let after {
      guard ProviderCalls.isSafe(after) else { throw ProviderError(.list, .badID) }
      query += "&after=\(after)"
    }
    return try await calls.read(.list, calls.request(.get, "/batches\(query)")) {
      value, facts throws(ReplyMismatch) in
      try OpenAIBatchReply.page(value, facts)
    }
  }

  /// Lists every batch made at or after a time, newest first.
  ///
  /// - Throws: `ProviderError`.
  public func list(createdSince time: Int64) async throws(ProviderError) -> BatchPage {
    var all = try await list(after: nil, limit: 100)
    while all.hasMore, let last = all.lastID, all.batches.last.map({ $0.createdAt >= time }) == true
    {
      let page = try await list(after: last, limit: 100)
      all.batches += page.batches
      // An endpoint that repeats itself would never end.
      all.hasMore = page.hasMore && page.lastID != last
      all.lastID = page.lastID
      all.answer = page.answer
    }
    all.batches.removeAll { $0.createdAt < time }
    return all
  }

  /// Asks for a batch to be canceled. One that is over already is told as it is.
  ///
  /// - Throws: `ProviderError`.
  public func cancel(_ id: String) async throws(ProviderError) -> BatchState {
    do throws(ProviderError) {
      return try await batch(
        .cancel, calls.request(.post, "\(try path(.cancel, id))/cancel"))
    } catch {
      guard error.status == 409 else { throw error }
      return try await retrieve(id)
    }
  }

  /// Removes a batch's files; the batch itself cannot be removed.
  ///
  /// - Throws: `ProviderError`.
  public func delete(_ id: String) async throws(ProviderError) {
    let files = try await retrieve(id).files
    for file in [files.output, files.errors, files.input] {
      guard let file else { continue }
      do throws(ProviderError) {
        try await delete(file: file)
      } catch {
        if !error.isNotFound { throw error }
      }
    }
  }

  private func delete(file: String) async throws(ProviderError) {
    guard ProviderCalls.isSafe(file) else { throw ProviderError(.delete, .badID) }
    _ = try await calls.answer(.delete, calls.request(.delete, "/files/\(file)"))
  }

  private func path(
    _ operation: ProviderError.Operation, _ id: String
  ) throws(ProviderError) -> String {
    guard ProviderCalls.isSafe(id) else { throw ProviderError(operation, .badID) }
    return "/batches/\(id)"
  }

  private func batch(
    _ operation: ProviderError.Operation, _ request: HTTPRequest
  ) async throws(ProviderError) -> BatchState {
    try await calls.read(operation, request) { value, facts throws(ReplyMismatch) in
      try OpenAIBatchReply.batch(value, facts)
    }
  }
}
