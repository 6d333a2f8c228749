internal import Records

extension AnthropicCalls {
  /// One batch; `retry-after` says when to look again, until it has ended.
  func retrieve(_ call: Call) async throws -> Reply {
    let batch = try await batch(of: call)
    var reply = Reply(batch.anthropicJSON(atMs: call.nowMs, base: call.base))
    if batch.endedAtMs == nil { reply.headers["retry-after"] = "10" }
    return reply
  }

  /// A page of batches, newest first.
  func list(_ call: Call) async throws -> Reply {
    let batches = try await world.batches(for: call)
    let page = try AnthropicPage(call.query, ids: batches.map(\.id))
    return Reply(
      page.json(batches[page.range].map { $0.anthropicJSON(atMs: call.nowMs, base: call.base) }))
  }

  /// Begins to cancel; a batch that has ended stays as it is.
  func cancel(_ call: Call) async throws -> Reply {
    let batch = try await batch(of: call)
    guard batch.endedAtMs == nil else {
      return Reply(batch.anthropicJSON(atMs: call.nowMs, base: call.base))
    }
    let canceled = try world.cancel(batch, atMs: call.nowMs)
    return Reply(canceled.anthropicJSON(atMs: call.nowMs, base: call.base))
  }

  /// Deletes a batch that has ended, with its requests and results; what it cost stays on the
  /// meter.
  func delete(_ call: Call) async throws -> Reply {
    let batch = try await batch(of: call)
    guard batch.endedAtMs != nil else {
      throw APIError.invalid(
        "Message batch '\(batch.id)' cannot be deleted while it is being processed; cancel it first"
      )
    }
    try book.delete(batch.id, atMs: call.nowMs)
    directory.remove(directory.requests(of: batch.id))
    directory.remove(directory.results(of: batch.id))
    directory.remove(directory.failures(of: batch.id))
    return Reply(.object(["id": .string(batch.id), "type": .string("message_batch_deleted")]))
  }

  /// The results as JSON Lines, in chunks.
  func results(_ call: Call) async throws -> Reply {
    let batch = try await batch(of: call)
    guard batch.endedAtMs != nil else {
      let status = configuration.faults.switches.earlyResultsStatus
      throw APIError(
        status: status,
        message: "Message batch '\(batch.id)' has no available results: it has not ended")
    }
    guard call.nowMs < batch.archivesAtMs else {
      throw APIError.missing("The results of message batch '\(batch.id)' have expired")
    }
    let path = directory.results(of: batch.id)
    guard directory.has(path) else { throw StateDirectory.failure("cannot read", path) }
    var reply = Reply(file: path, type: "application/x-jsonl")
    reply.headers["content-disposition"] = "attachment; filename=\"\(batch.id)_results.jsonl\""
    return reply
  }
}
