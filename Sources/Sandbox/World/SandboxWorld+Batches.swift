internal import Records

extension SandboxWorld {
  /// One batch; `retry-after` says when to look again, until it has ended.
  func retrieve(_ call: Call) async throws -> Reply {
    let batch = try await batch(of: call)
    var reply = Reply(batch.json(atMs: call.nowMs, base: call.base))
    if batch.endedAtMs == nil { reply.headers["retry-after"] = "10" }
    return reply
  }

  /// A page of batches, newest first.
  func list(_ call: Call) async throws -> Reply {
    var batches: [BatchRecord] = []
    for batch in book.batches(of: call.workspace) { batches.append(try await current(batch)) }
    let page = try Page(call.query, ids: batches.map(\.id))
    return Reply(page.json(batches[page.range].map { $0.json(atMs: call.nowMs, base: call.base) }))
  }

  /// Begins to cancel; a batch that has ended stays as it is.
  func cancel(_ call: Call) async throws -> Reply {
    let batch = try await batch(of: call)
    guard batch.endedAtMs == nil else {
      return Reply(batch.json(atMs: call.nowMs, base: call.base))
    }
    let canceled = try book.cancel(batch.id, atMs: call.nowMs) ?? batch
    settler.begin(canceled)
    return Reply(canceled.json(atMs: call.nowMs, base: call.base))
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
    return Reply(.object(["id": .string(batch.id), "type": .string("message_batch_deleted")]))
  }

  /// The results as JSON Lines, in chunks.
  func results(_ call: Call) async throws -> Reply {
    let batch = try await batch(of: call)
    guard batch.endedAtMs != nil else {
      let status = configuration.faults.switches.earlyResultsStatus
      throw APIError(
        status: status, type: APIError.type(for: status),
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
