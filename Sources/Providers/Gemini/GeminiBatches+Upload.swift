internal import Records

extension GeminiBatches {
  /// How often the bytes of a file are sent, or the rest of them, before the upload is given up.
  private static let tries = 3

  /// Uploads a shard's lines: a call that says what comes, and one with the bytes.
  ///
  /// The bytes go without the key where the answer of the first call says. When the connection breaks, that place is
  /// asked how much it has, and the rest follows.
  ///
  /// - Returns: The file's id.
  func upload(_ shard: ShardBody, _ marker: String) async throws(ProviderError) -> String {
    let byteCount = shard.lines(from: 0).byteCount
    let place = try await place(of: byteCount, marker)
    var offset = 0
    var attempt = 1
    while true {
      do throws(ProviderError) {
        return try await send(shard, from: offset, to: place)
      } catch {
        guard error.isTransient, attempt < Self.tries,
          let held = await held(at: place, of: byteCount)
        else { throw error }
        offset = held
        attempt += 1
      }
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

  private func send(
    _ shard: ShardBody, from offset: Int, to place: String
  ) async throws(ProviderError) -> String {
    var request = HTTPRequest(.post, place)
    request.headers = [
      ("X-Goog-Upload-Command", "upload, finalize"), ("X-Goog-Upload-Offset", "\(offset)"),
      ("Content-Type", "application/jsonl"),
    ]
    request.body = shard.lines(from: offset)
    request.timeouts = calls.timeouts.create
    return try await calls.read(.upload, request) { value, _ throws(ReplyMismatch) in
      guard let name = value["file"]?["name"]?.string, let id = Self.id(name, in: "files/") else {
        throw ReplyMismatch(sentence: "`file.name` is not the name of a file")
      }
      return id
    }
  }

  /// How many bytes an upload that is not done has; nil when it does not say so, or has them all and its answer was lost.
  private func held(at place: String, of byteCount: Int) async -> Int? {
    var request = HTTPRequest(.post, place)
    request.headers = [("X-Goog-Upload-Command", "query")]
    request.timeouts = calls.timeouts.other
    // An error here changes nothing: the first one is told, and the upload begins anew.
    guard let answer = try? await calls.answer(.upload, request),
      answer.header("x-goog-upload-status") == "active",
      let count = answer.header("x-goog-upload-size-received").flatMap({ Int($0) }),
      (0..<byteCount).contains(count)
    else { return nil }
    return count
  }
}
