internal import Records

extension OpenAICalls {
  /// Stores a batch: its input is looked at already, and what was found shows when its validation
  /// is over.
  func create(_ call: Call, _ body: inout RequestBody) async throws -> Reply {
    var terms = try OpenAITerms(body: try await world.synchronous(&body))
    var count = 0
    var isUnended = false
    let file = world.files.file(terms.inputFile, for: call)
    if let file {
      var input = OpenAIInput(terms.endpoint)
      input.read(world.path(of: file), byteCount: file.byteCount)
      checkQueue(&input)
      terms.failures = input.failures
      terms.model = input.model
      terms.promptTokens = input.promptTokens
      count = input.count
      isUnended = input.isUnended
    } else {
      terms.failures = [
        OpenAITerms.Failure(
          code: "invalid_request", message: "Invalid 'file_id': no file '\(terms.inputFile)'.",
          param: "file_id")
      ]
    }
    let batch = try world.createBatch(call, .openai(terms), prefix: "batch_", count: count) {
      (batch) throws(SandboxError) in
      guard let file, terms.failures.isEmpty else { return }
      try keepRows(of: file, isUnended ? .unended : .whole, for: batch)
    }
    let shown = batch.openAIJSON(atMs: batch.createdAtMs, switches: switches)
    var reply = Reply(switches.isResemblance ? .object(["job": shown]) : shown)
    reply.note = [
      JSONValue.Member("batch", .string(batch.id)), JSONValue.Member("rows", .number(count)),
    ]
    return reply
  }

  var switches: Switches { world.configuration.faults.switches }

  /// How a file's last line is.
  private enum LastLine { case whole, unended }

  /// Keeps the rows of a batch even when its file is deleted.
  private func keepRows(
    of file: StoredFile, _ last: LastLine, for batch: BatchRecord
  ) throws(SandboxError) {
    let path = directory.requests(of: batch.id)
    switch last {
    case .whole: try directory.link(world.path(of: file), to: path)
    case .unended:
      guard var lines = InputLines(world.path(of: file)) else { return }
      let copy = try LineFile(path, truncating: true)
      while let line = lines.next() {
        try copy.append(line)
        try [0x0A].withUnsafeBufferPointer { (end) throws(SandboxError) in try copy.append(end) }
      }
    }
  }

  /// Fails a batch whose prompts do not fit the queue beside those of the batches before it.
  private func checkQueue(_ input: inout OpenAIInput) {
    guard let limit = world.configuration.faults.limits.enqueuedTokens, let model = input.model
    else { return }
    let queued = world.open(.openai).reduce(0) { sum, batch in
      guard case .openai(let terms) = batch.terms, terms.model == model, !batch.terms.isBroken
      else { return sum }
      return sum + terms.promptTokens
    }
    guard queued + input.promptTokens > limit else { return }
    input.fail(
      "token_limit_exceeded",
      "Enqueued token limit reached for \(model) in organization leaven-sandbox. Limit: \(limit) "
        + "enqueued tokens. Please try again once some in_progress batches have been completed.",
      nil)
  }

  /// The batch of a call, as it is now.
  private func batch(of call: Call) async throws -> BatchRecord {
    guard let batch = world.book.batch(call.id, in: call.workspace, .openai) else {
      throw APIError.missing("No batch found with id '\(call.id)'.")
    }
    return try await world.current(batch)
  }

  func retrieve(_ call: Call) async throws -> Reply {
    Reply(try await batch(of: call).openAIJSON(atMs: call.nowMs, switches: switches))
  }

  /// A page of batches, newest first.
  func list(_ call: Call) async throws -> Reply {
    let batches = try await world.batches(for: call)
    let page = try OpenAIPage(call.query, ids: batches.map(\.id), limits: 1...100, usual: 20)
    let items = batches[page.range].map { $0.openAIJSON(atMs: call.nowMs, switches: switches) }
    return Reply(switches.isResemblance ? .array(items) : page.json(items))
  }

  /// Begins to cancel; refused for a batch that has ended otherwise.
  func cancel(_ call: Call) async throws -> Reply {
    var batch = try await batch(of: call)
    let status = batch.openAIStatus(atMs: call.nowMs)
    switch status {
    case .completed, .failed, .expired:
      throw APIError(
        status: 409, message: "Cannot cancel a batch with status '\(status.rawValue)'.")
    case .cancelling, .cancelled: break
    case .validating, .inProgress, .finalizing:
      batch = try world.cancel(batch, atMs: call.nowMs)
    }
    return Reply(batch.openAIJSON(atMs: call.nowMs, switches: switches))
  }
}
