internal import Records

extension GeminiCalls {
  /// A body with inline requests must be smaller.
  private static let inlineByteLimit = 20 * 1_000_000
  /// Batches that may run at a time.
  private static let jobLimit = 100

  /// Stores a batch of inline requests or of those in a file.
  func create(_ call: Call, _ bytes: [UInt8]) throws -> Reply {
    guard Model.named(call.id, of: .gemini) != nil else {
      throw APIError.missing(
        "models/\(call.id) is not found for API version v1, or is not supported for "
          + "batchGenerateContent.")
    }
    guard bytes.count < Self.inlineByteLimit else {
      throw APIError.invalid(
        "Request payload size exceeds the limit: \(Self.inlineByteLimit) bytes.")
    }
    var tape = JSONTape()
    let path = directory.incoming(call.number)
    do {
      let (terms, count) = try bytes.withUnsafeBufferPointer { buffer in
        let body: JSONView
        do throws(JSONError) { body = try tape.parse(buffer) } catch {
          throw APIError.malformed(at: error.offset)
        }
        return try takeIn(body, call, to: path)
      }
      try checkQueue(terms)
      let batch = try world.createBatch(call, .gemini(terms), prefix: "", count: count) {
        (batch) throws(SandboxError) in
        try directory.rename(path, to: directory.requests(of: batch.id))
      }
      var reply = Reply(json: operation(batch, call))
      reply.note = [
        JSONValue.Member("batch", .string(batch.id)), JSONValue.Member("rows", .number(count)),
      ]
      return reply
    } catch {
      directory.remove(path)
      throw error
    }
  }

  /// Writes the requests of a create call to a file.
  private func takeIn(
    _ body: JSONView, _ call: Call, to path: String
  ) throws -> (GeminiTerms, Int) {
    guard let batch = body["batch"], let input = batch.either("inputConfig") else {
      throw APIError.invalid("* CreateBatchRequest.batch.input_config: input_config is required.")
    }
    let name = batch.either("displayName")?.text
    let intake = try GeminiIntake(path, call.id)
    if let file = input.either("fileName")?.text {
      var terms = GeminiTerms(model: call.id, displayName: name, place: .file, inputFile: file)
      let id = file.hasPrefix("files/") ? String(file.dropFirst(6)) : file
      return try intake.read(world.path(of: try self.file(named: id, for: call)), &terms)
    }
    guard let requests = input["requests"]?["requests"], requests.count > 0 else {
      throw APIError.invalid("* CreateBatchRequest.batch.input_config: no requests were given.")
    }
    var terms = GeminiTerms(model: call.id, displayName: name, place: .inline)
    return try intake.read(requests, &terms)
  }

  /// Refuses what is more than an account may have at a time.
  private func checkQueue(_ terms: GeminiTerms) throws(APIError) {
    let open = world.open(.gemini)
    let full = APIError(
      status: 429,
      message: "You exceeded your current quota, please check your plan and billing "
        + "details.")
    guard open.count < Self.jobLimit else { throw full }
    guard let limit = world.configuration.faults.limits.enqueuedTokens else { return }
    let queued = open.reduce(0) { sum, batch in
      guard case .gemini(let others) = batch.terms, others.model == terms.model else { return sum }
      return sum + others.promptTokens
    }
    guard queued + terms.promptTokens <= limit else { throw full }
  }

  /// The batch of a call, as it is now.
  private func batch(of call: Call) async throws -> BatchRecord {
    guard let batch = world.book.batch(call.id, in: call.workspace, .gemini) else {
      throw APIError.missing("Requested entity was not found.")
    }
    return try await world.current(batch)
  }

  func retrieve(_ call: Call) async throws -> Reply {
    Reply(json: operation(try await batch(of: call), call))
  }

  /// A page of batches, newest first; inline answers are told by `retrieve` alone.
  func list(_ call: Call) async throws -> Reply {
    let batches = try await world.batches(for: call)
    let page = try GeminiPage(call.query, count: batches.count, usual: 10)
    let operations = batches[page.range].map { GeminiOperation($0, atMs: call.nowMs).json }
    return Reply(page.json("operations", operations))
  }

  /// Begins to cancel; a batch that has ended stays as it is.
  func cancel(_ call: Call) async throws -> Reply {
    let batch = try await batch(of: call)
    if batch.endedAtMs == nil { _ = try world.cancel(batch, atMs: call.nowMs) }
    return Reply(.object([]))
  }

  /// Deletes a batch; what it cost stays on the meter.
  func delete(_ call: Call) async throws -> Reply {
    let batch = try await batch(of: call)
    try world.book.delete(batch.id, atMs: call.nowMs)
    directory.remove(directory.requests(of: batch.id))
    return Reply(.object([]))
  }

  /// A batch as an operation, with its inline answers.
  private func operation(_ batch: BatchRecord, _ call: Call) -> [UInt8] {
    let operation = GeminiOperation(batch, atMs: call.nowMs)
    let rows = operation.hasInlineAnswers ? directory.results(of: batch.id) : nil
    return operation.bytes(answers: rows, world.configuration.faults.switches)
  }
}
