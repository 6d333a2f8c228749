internal import Records

/// The Batch API of Gemini's Developer API: a file is uploaded, a batch of one model made of it, and what came of it lies in
/// another file.
///
/// Requests go in files, however few they are: answers that are told inline have come without their keys, and to match
/// them by their order is no way to keep records apart.
public struct GeminiBatches: BatchProvider {
  let calls: ProviderCalls
  /// The part of every path that names the API's version.
  let version: String

  /// Creates a client of one endpoint; nothing is opened yet.
  ///
  /// Nil when the address is no absolute `http` or `https` URL or has a query or fragment, or the version is no word.
  public init?(
    at address: ProviderAddress, client: HTTPClient, timeouts: CallTimeouts = CallTimeouts()
  ) {
    guard ProviderCalls.isSafe(address.apiVersion),
      address.headers.allSatisfy({ HeaderRule.isSendable($0.name, $0.value) }),
      var calls = ProviderCalls(
        baseURL: address.baseURL, key: address.key, in: ("x-goog-api-key", ""),
        otherHeaders: address.headers, client: client)
    else { return nil }
    calls.timeouts = timeouts
    self.calls = calls
    version = address.apiVersion
  }

  /// The base URL without a slash at its end.
  public var baseURL: String { calls.baseURL }
  /// The base URL's scheme, host and port: the only place the key is sent to.
  public var origin: HTTPOrigin { calls.origin }
  /// A batch keeps its marker as its display name.
  public var adoption: BatchAdoption { .marker }

  /// Uploads the shard's lines as a file, and makes a batch of it for the model that its first line names.
  ///
  /// The upload costs nothing, so an error in it leaves no doubt: there is no batch. A file that no batch was made of is
  /// removed, as far as that can be done now; the provider removes it after two days anyway.
  ///
  /// - Throws: `ProviderError`.
  public func create(
    _ shard: ShardBody, marker: String
  ) async throws(ProviderError) -> BatchState {
    let model = try model(of: shard)
    let file = try await upload(shard, marker)
    var request = calls.request(.post, "/\(version)/\(model):batchGenerateContent")
    request.headers.append(("Content-Type", "application/json"))
    request.body = .bytes(Array(Self.order(file, marker).compact.utf8))
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

  private func model(of shard: ShardBody) throws(ProviderError) -> String {
    do {
      var tape = JSONTape()
      let line = try shard.firstLine()
      let model = try line.withUnsafeBufferPointer { bytes in
        try tape.parse(bytes).member("request")?.string("model")?.text
      }
      if let model, Self.id(model, in: "models/") != nil { return model }
    } catch {
      throw unreadable("\(error)")
    }
    throw unreadable("\(shard.path) names no model")
  }

  private func unreadable(_ why: String) -> ProviderError {
    ProviderError(
      .upload,
      .connection(
        HTTPFailure(phase: .notSent, reason: .unreadableBody(why), origin: origin.description)))
  }

  private static func order(_ file: String, _ marker: String) -> JSONValue {
    .object([
      "batch": .object([
        JSONValue.Member("displayName", .string(marker)),
        JSONValue.Member("inputConfig", .object(["fileName": .string("files/\(file)")])),
      ])
    ])
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

  /// A batch, if there is one.
  ///
  /// - Throws: `ProviderError`.
  public func newest() async throws(ProviderError) -> BatchPage {
    try await list(after: nil, limit: 1).page
  }

  private func list(
    after token: String?, limit: Int
  ) async throws(ProviderError) -> (page: BatchPage, token: String?) {
    var query = "?pageSize=\(limit)"
    if let token { query += "&pageToken=\(Self.escaped(token))" }
    return try await calls.read(.list, calls.request(.get, "/\(version)/batches\(query)")) {
      value, facts throws(ReplyMismatch) in
      try GeminiBatchReply.page(value, facts)
    }
  }

  /// Lists every batch made at or after a time, newest first.
  ///
  /// In which order the provider lists them is not documented, so all pages are read.
  ///
  /// - Throws: `ProviderError`.
  public func list(createdSince time: Int64) async throws(ProviderError) -> BatchPage {
    var (all, token) = try await list(after: nil, limit: 100)
    while let next = token {
      let (page, following) = try await list(after: next, limit: 100)
      all.batches += page.batches
      all.answer = page.answer
      // An endpoint that repeats itself would never end.
      token = following == next ? nil : following
    }
    all.batches.removeAll { $0.createdAt < time }
    all.batches.sort { $0.createdAt > $1.createdAt }
    all.hasMore = false
    all.lastID = all.batches.last?.id
    return all
  }

  /// Asks for a batch to be canceled. One that is over already is told as it is.
  ///
  /// - Throws: `ProviderError`.
  public func cancel(_ id: String) async throws(ProviderError) -> BatchState {
    do throws(ProviderError) {
      _ = try await calls.answer(
        .cancel, calls.request(.post, "\(try path(.cancel, id)):cancel"))
    } catch {
      guard error.status == 409 || error.type == "FAILED_PRECONDITION" else { throw error }
    }
    return try await retrieve(id)
  }

  /// Removes a batch's files, and the batch.
  ///
  /// - Throws: `ProviderError`.
  public func delete(_ id: String) async throws(ProviderError) {
    let files = try await retrieve(id).files
    for file in [files.output, files.input] {
      guard let file else { continue }
      do throws(ProviderError) {
        try await delete(file: file)
      } catch {
        // The provider does not say whether a file that is not seen is there.
        guard error.isNotFound || error.status == 403 else { throw error }
      }
    }
    _ = try await calls.answer(.delete, calls.request(.delete, try path(.delete, id)))
  }

  private func delete(file: String) async throws(ProviderError) {
    guard ProviderCalls.isSafe(file) else { throw ProviderError(.delete, .badID) }
    _ = try await calls.answer(.delete, calls.request(.delete, "/\(version)/files/\(file)"))
  }

  private func path(
    _ operation: ProviderError.Operation, _ id: String
  ) throws(ProviderError) -> String {
    guard ProviderCalls.isSafe(id) else { throw ProviderError(operation, .badID) }
    return "/\(version)/batches/\(id)"
  }

  private func batch(
    _ operation: ProviderError.Operation, _ request: HTTPRequest
  ) async throws(ProviderError) -> BatchState {
    try await calls.read(operation, request) { value, facts throws(ReplyMismatch) in
      try GeminiBatchReply.batch(value, facts)
    }
  }

  /// The id in a resource's name such as `files/abc`; nil when the name is none.
  static func id(_ name: String, in folder: String) -> String? {
    guard name.hasPrefix(folder) else { return nil }
    let id = String(name.dropFirst(folder.count))
    return ProviderCalls.isSafe(id.replacing(".", with: "-")) ? id : nil
  }

  private static func escaped(_ token: String) -> String {
    token.utf8.map { byte in
      let isPlain =
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
        || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte)
      guard !isPlain else { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
  }
}
