internal import Foundation
internal import Records

extension GeminiCalls {
  /// How long uploads are kept.
  private static let uploadLifeMs: Int64 = 48 * 3_600_000

  /// Begins an upload: its bytes come to the URL that the answer names.
  func beginUpload(_ call: Call, _ bytes: [UInt8]) throws -> Reply {
    let command = call.headers["x-goog-upload-command"] ?? ""
    guard call.headers["x-goog-upload-protocol"] == "resumable", command.contains("start") else {
      throw APIError.invalid("The sandbox takes resumable uploads alone.")
    }
    let declared = call.headers["x-goog-upload-header-content-length"].flatMap { Int($0) } ?? 0
    guard declared <= Self.fileByteLimit else {
      throw APIError.invalid("The file is larger than the limit of 2 GB.")
    }
    // Without a body there is nothing to say of the file.
    let json = (try? JSONValue(parsing: bytes)) ?? .null
    let type = call.headers["x-goog-upload-header-content-type"]
    var draw = Draw(seed: world.configuration.seed, "upload \(call.number)")
    let id = draw.letters(40)
    world.uploads[id] = GeminiUploads.Upload(
      workspace: call.workspace, displayName: json["file"]?.either("displayName")?.string ?? "",
      mimeType: json["file"]?.either("mimeType")?.string ?? type ?? "application/octet-stream",
      path: directory.upload("incoming-\(call.number)"))
    var reply = Reply(.object([]))
    reply.headers["x-goog-upload-url"] = "\(call.base)/upload/\(call.id)/files/\(id)"
    reply.headers["x-goog-upload-status"] = "active"
    reply.headers["x-goog-upload-chunk-granularity"] = "262144"
    return reply
  }

  /// Takes in bytes of an upload, and ends it when the call says so.
  func upload(_ call: Call, _ body: inout RequestBody) async throws -> Reply {
    guard var upload = world.uploads[call.id] else {
      throw APIError.missing("There is no such upload.")
    }
    let command = call.headers["x-goog-upload-command"] ?? ""
    if command == "query" { return Self.progress(.object([]), upload, "active") }
    let offset = call.headers["x-goog-upload-offset"].flatMap { Int($0) } ?? 0
    guard offset == upload.byteCount else {
      throw APIError.invalid(
        "The upload is at \(upload.byteCount) bytes, not at \(offset).")
    }
    if command.contains("upload") { try await takeIn(&upload, &body) }
    guard command.contains("finalize") else {
      world.uploads[call.id] = upload
      return Self.progress(.object([]), upload, "active")
    }
    let file = try store(upload, call)
    world.uploads[call.id] = nil
    let json: JSONValue = .object(["file": file.geminiJSON(base: call.base)])
    var reply = Self.progress(json, upload, "final")
    reply.note = [
      JSONValue.Member("file", .string(file.id)),
      JSONValue.Member("file_bytes", .number(file.byteCount)),
    ]
    return reply
  }

  private static func progress(
    _ json: JSONValue, _ upload: GeminiUploads.Upload, _ status: String
  ) -> Reply {
    var reply = Reply(json)
    reply.headers["x-goog-upload-status"] = status
    reply.headers["x-goog-upload-size-received"] = String(upload.byteCount)
    return reply
  }

  private func takeIn(_ upload: inout GeminiUploads.Upload, _ body: inout RequestBody) async throws
  {
    // An offset of 0 begins the file anew: what an earlier call left in it was cut off.
    let file = try LineFile(upload.path, truncating: upload.byteCount == 0)
    try LineFile.truncate(upload.path, to: upload.byteCount)
    var byteCount = upload.byteCount
    while let piece = try await body.next() {
      byteCount += piece.count
      guard byteCount <= Self.fileByteLimit else {
        throw APIError.invalid("The file is larger than the limit of 2 GB.")
      }
      try piece.withUnsafeBytes { try file.append($0.bindMemory(to: UInt8.self)) }
    }
    upload.byteCount = byteCount
  }

  private func store(
    _ upload: GeminiUploads.Upload, _ call: Call
  ) throws(SandboxError) -> StoredFile {
    try world.files.store { (ordinal) throws(SandboxError) in
      var draw = Draw(seed: world.configuration.seed, "gemini file \(ordinal)")
      let file = StoredFile(
        id: draw.letters(12).lowercased(), api: .gemini, workspace: upload.workspace,
        filename: upload.displayName, kind: upload.mimeType, byteCount: upload.byteCount,
        createdAtMs: call.nowMs, expiresAtMs: call.nowMs + Self.uploadLifeMs)
      if upload.byteCount == 0 { _ = try LineFile(upload.path, truncating: true) }
      try directory.rename(upload.path, to: directory.upload(file.id))
      return file
    }
  }

  /// A page of the uploads, newest first.
  func files(_ call: Call) throws -> Reply {
    let files = world.files.files(for: call).filter { $0.source == .upload }
    let page = try GeminiPage(call.query, count: files.count, usual: 10)
    return Reply(page.json("files", files[page.range].map { $0.geminiJSON(base: call.base) }))
  }

  /// The file of a call.
  func file(of call: Call) throws(APIError) -> StoredFile {
    try file(named: call.id, for: call)
  }

  /// A file by its id; the provider does not say whether one that is not seen is there.
  func file(named id: String, for call: Call) throws(APIError) -> StoredFile {
    guard let file = world.files.file(id, for: call) else {
      throw APIError(
        status: 403,
        message: "You do not have permission to access the File \(id) or it may not "
          + "exist.")
    }
    return file
  }

  /// The bytes of a file that a batch left.
  func content(_ call: Call) throws -> Reply {
    let file = try file(of: call)
    guard file.source != .upload else {
      throw APIError.invalid("Only generated files can be downloaded.")
    }
    let path = world.path(of: file)
    guard directory.has(path) else { throw StateDirectory.failure("cannot read", path) }
    return Reply(file: path, type: "application/octet-stream")
  }

  func deleteFile(_ call: Call) throws -> Reply {
    try world.delete(try file(of: call), atMs: call.nowMs)
    return Reply(.object([]))
  }
}

extension StoredFile {
  /// The file as Gemini shows it; numbers of 64 bits are strings.
  func geminiJSON(base: String) -> JSONValue {
    let isUpload = source == .upload
    var members: [JSONValue.Member] = [.init("name", .string("files/\(id)"))]
    if !filename.isEmpty { members.append(.init("displayName", .string(filename))) }
    members += [
      .init("mimeType", .string(kind)), .init("sizeBytes", .string(String(byteCount))),
      .init("createTime", .string(CalendarText.nanoseconds(createdAtMs))),
      .init("updateTime", .string(CalendarText.nanoseconds(createdAtMs))),
      .init("expirationTime", .string(CalendarText.nanoseconds(expiresAtMs))),
      .init("uri", .string("\(base)/v1beta/files/\(id)")), .init("state", .string("ACTIVE")),
      .init("source", .string(isUpload ? "UPLOADED" : "GENERATED")),
    ]
    return .object(members)
  }
}
