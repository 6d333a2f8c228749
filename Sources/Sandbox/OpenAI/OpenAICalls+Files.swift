internal import Foundation
internal import Records

extension OpenAICalls {
  private static let purposes = [
    "assistants", "batch", "evals", "fine-tune", "user_data", "vision",
  ]
  /// How long files are kept; those for batches, unless the client says otherwise.
  private static let batchFileLifeSeconds = 2_592_000
  private static let lifeSeconds = 3600...2_592_000

  /// Stores a file; it is on disk when this returns.
  func upload(_ call: Call, _ body: inout RequestBody) async throws -> Reply {
    let path = directory.upload("incoming-\(call.number)")
    let file: StoredFile
    do {
      let form = try await takeIn(path, call, &body)
      file = try store(form, call, at: path)
    } catch {
      directory.remove(path)
      throw error
    }
    var reply = Reply(file.openAIJSON)
    reply.note = [
      JSONValue.Member("file", .string(file.id)),
      JSONValue.Member("file_bytes", .number(file.byteCount)),
    ]
    return reply
  }

  /// What came with a file.
  private struct Form {
    var fields: [String: String]
    var filename: String
  }

  private func takeIn(_ path: String, _ call: Call, _ body: inout RequestBody) async throws -> Form
  {
    guard var scanner = MultipartScanner(contentType: call.headers["content-type"] ?? "") else {
      throw OpenAIRules.missing("file")
    }
    let file = try LineFile(path, truncating: true)
    var byteCount = 0
    while let piece = try await body.next() {
      let bytes = piece.withUnsafeBytes { scanner.feed($0.bindMemory(to: UInt8.self)) }
      byteCount += bytes.count
      guard byteCount <= Self.fileByteLimit else { throw APIError.tooLarge }
      try bytes.withUnsafeBufferPointer { (bytes) throws(SandboxError) in try file.append(bytes) }
    }
    guard scanner.isComplete, !scanner.isTooLarge else {
      throw APIError.invalid("Could not parse multipart form")
    }
    guard let filename = scanner.filename else { throw OpenAIRules.missing("file") }
    return Form(fields: scanner.fields, filename: filename)
  }

  private func store(_ form: Form, _ call: Call, at path: String) throws -> StoredFile {
    guard let purpose = form.fields["purpose"] else { throw OpenAIRules.missing("purpose") }
    guard Self.purposes.contains(purpose) else {
      throw OpenAIRules.wrongValue("purpose", purpose, Self.purposes)
    }
    let life = try life(form.fields, purpose)
    if purpose == "batch" { try checkFirstLine(path) }
    let byteCount = directory.size(of: path) ?? 0
    return try world.files.store { (ordinal) throws(SandboxError) in
      var draw = Draw(seed: world.configuration.seed, "file \(ordinal)")
      let file = StoredFile(
        id: "file-\(draw.letters(22))", api: .openai, workspace: call.workspace,
        filename: form.filename, kind: purpose, byteCount: byteCount, createdAtMs: call.nowMs,
        expiresAtMs: life.map { call.nowMs + Int64($0) * 1000 } ?? Int64.max)
      try directory.rename(path, to: directory.upload(file.id))
      return file
    }
  }

  /// The seconds that a file is kept; nil is for ever.
  private func life(_ fields: [String: String], _ purpose: String) throws(APIError) -> Int? {
    guard let text = fields["expires_after[seconds]"] else {
      return purpose == "batch" ? Self.batchFileLifeSeconds : nil
    }
    guard fields["expires_after[anchor]"] == "created_at" else {
      throw OpenAIRules.wrongValue(
        "expires_after.anchor", fields["expires_after[anchor]"] ?? "", ["created_at"])
    }
    guard let seconds = Int(text), Self.lifeSeconds.contains(seconds) else {
      throw .invalid(
        "Invalid 'expires_after.seconds': expected a value between \(Self.lifeSeconds.lowerBound) "
          + "and \(Self.lifeSeconds.upperBound).", param: "expires_after.seconds",
        code: "invalid_value")
    }
    return seconds
  }

  /// A file for batches begins with a line of JSON.
  private func checkFirstLine(_ path: String) throws(APIError) {
    let malformed = APIError.invalid(
      "Invalid file format. Input file must be in jsonl format.", param: "file")
    guard var lines = InputLines(path), let line = lines.next() else { throw malformed }
    // A mark of byte order passes here, and fails the batch.
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = line.starts(with: mark) ? Array(line.dropFirst(mark.count)) : Array(line)
    // What is wrong with it is not said, as the provider does not.
    guard let json = try? JSONValue(parsing: text), json.members != nil else {
      throw malformed
    }
  }

  /// A page of files, newest first unless `order` says otherwise.
  func files(_ call: Call) throws -> Reply {
    var files = world.files.files(for: call)
    if let purpose = call.query["purpose"] { files.removeAll { $0.kind != purpose } }
    if call.query["order"] == "asc" { files.reverse() }
    let page = try OpenAIPage(
      call.query, ids: files.map(\.id), limits: 1...10_000, usual: 10_000)
    return Reply(page.json(files[page.range].map(\.openAIJSON)))
  }

  /// The file of a call.
  func file(of call: Call) throws(APIError) -> StoredFile {
    guard let file = world.files.file(call.id, for: call) else {
      throw APIError(status: 404, message: "No such File object: \(call.id)", param: "id")
    }
    return file
  }

  /// The bytes of a file, in chunks.
  func content(_ call: Call) throws -> Reply {
    let file = try file(of: call)
    let path = world.path(of: file)
    guard directory.has(path) else { throw StateDirectory.failure("cannot read", path) }
    var reply = Reply(file: path, type: "application/octet-stream")
    reply.headers["content-disposition"] = "attachment; filename=\"\(file.filename)\""
    return reply
  }

  func deleteFile(_ call: Call) throws -> Reply {
    let file = try file(of: call)
    try world.delete(file, atMs: call.nowMs)
    return Reply(
      .object([
        "id": .string(file.id), "object": .string("file"), "deleted": .bool(true),
      ]))
  }
}

extension StoredFile {
  /// The file as OpenAI shows it.
  var openAIJSON: JSONValue {
    .object([
      "object": .string("file"), "id": .string(id), "purpose": .string(kind),
      "filename": .string(filename), "bytes": .number(byteCount),
      "created_at": .number(createdAtMs / 1000),
      "expires_at": expiresAtMs == Int64.max ? .null : .number(expiresAtMs / 1000),
      "status": .string("processed"), "status_details": .null,
    ])
  }
}
