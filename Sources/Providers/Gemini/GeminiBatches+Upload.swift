internal import Records

extension GeminiBatches {
  /// Uploads a shard's lines: a call that says what comes, and one with all of the bytes.
  ///
  /// The bytes go without the key where the answer of the first call says. A broken upload begins anew.
  ///
  /// - Returns: The file's id.
  func upload(_ shard: ShardBody, _ marker: String) async throws(ProviderError) -> String {
    let body = shard.lines
    var request = HTTPRequest(.post, try await place(of: body.byteCount, marker))
    request.headers = [
      ("X-Goog-Upload-Command", "upload, finalize"), ("X-Goog-Upload-Offset", "0"),
      ("Content-Type", "application/jsonl"),
    ]
    request.body = body
    request.timeouts = calls.timeouts.create
    return try await calls.read(.upload, request) { value, _ throws(ReplyMismatch) in
      guard let name = value["file"]?["name"]?.string, let id = Self.id(name, in: "files/") else {
        throw ReplyMismatch(sentence: "`file.name` is not the name of a file")
      }
      return id
    }
  }

  /// Says what comes, and hears where to.
  private func place(of byteCount: Int, _ marker: String) async throws(ProviderError) -> String {
    let file = JSONValue.object([
      JSONValue.Member("display_name", .string(marker)),
      JSONValue.Member("mime_type", .string("application/jsonl")),
      JSONValue.Member("size_bytes", .string("\(byteCount)")),
    ])
    var request = calls.request(.post, "/upload/\(version)/files")
    request.headers += [
      ("Content-Type", "application/json"), ("X-Goog-Upload-Protocol", "resumable"),
      ("X-Goog-Upload-Command", "start"),
      ("X-Goog-Upload-Header-Content-Length", "\(byteCount)"),
      ("X-Goog-Upload-Header-Content-Type", "application/jsonl"),
    ]
    request.body = .bytes(Array(JSONValue.object(["file": file]).compact.utf8))
    let answer = try await calls.answer(.upload, request)
    guard let url = answer.header("x-goog-upload-url"), let place = HTTPOrigin(of: url) else {
      throw ProviderError(.upload, .unreadable("it does not say where the bytes go"))
    }
    // Prompts do not leave an encrypted connection for another one.
    guard place == origin || url.lowercased().hasPrefix("https://") else {
      throw ProviderError(.upload, .unreadable("it sends the bytes to \(place), in the clear"))
    }
    return url
  }
}
