import Records
import Sandbox
import Testing

@testable import Sandbox

/// Files as OpenAI keeps them, and the form that they come in.
@Suite struct OpenAIFileTests {
  @Test func aFileComesBackAsItWasSent() async throws {
    try await SandboxClient.with { (client) async throws in
      let lines = "{\"a\":\"größer\"}\r\n{\"b\": 2}"
      let answer = try await client.upload(lines, name: "a;b.jsonl", isPurposeFirst: false)
      #expect(answer.status == 200)
      let file = answer.json
      #expect(file["object"] == .string("file") && file["filename"] == .string("a;b.jsonl"))
      #expect(file["bytes"]?.int == lines.utf8.count && file["purpose"] == .string("batch"))
      #expect(file["expires_at"]?.int == (file["created_at"]?.int ?? 0) + 2_592_000)
      let id = file["id"]?.string ?? ""
      let content = try await client.openAI("GET", "files/\(id)/content")
      #expect(content.text == lines)
      #expect(content.headers["content-type"] == "application/octet-stream")
      #expect(try await client.openAI("GET", "files/\(id)").json["id"] == .string(id))
      let deleted = try await client.openAI("DELETE", "files/\(id)")
      #expect(deleted.text == "{\"id\":\"\(id)\",\"object\":\"file\",\"deleted\":true}")
      let gone = try await client.openAI("GET", "files/\(id)/content")
      #expect(gone.status == 404 && gone.message == "No such File object: \(id)")
    }
  }

  @Test func whatIsNoFileForBatchesIsRefused() async throws {
    try await SandboxClient.with { (client) async throws in
      for text in ["", "a,b\n1,2\n", "[1]\n"] {
        #expect(try await client.upload(text).status == 400, "\(text)")
      }
      #expect(try await client.upload("{}", purpose: "fun").status == 400)
      let fields = ["expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"]
      let short = try await client.upload("{}", fields: fields).json
      #expect(short["expires_at"]?.int == (short["created_at"]?.int ?? 0) + 3600)
      try await client.advance(hours: 2)
      let id = short["id"]?.string ?? ""
      #expect(try await client.openAI("GET", "files/\(id)").status == 404)
      #expect(try await client.openAI("POST", "files", "{}").status == 400)
    }
  }

  @Test func deletingTheInputDoesNotStopTheBatch() async throws {
    try await SandboxClient.with { (client) async throws in
      let id = try await client.openAIBatch([chatLine("a", "Hello")])
      let file = try await client.openAIStatus(id)["input_file_id"]?.string ?? ""
      #expect(try await client.openAI("DELETE", "files/\(file)").status == 200)
      try await client.advance(hours: 1)
      let done = try await client.openAIStatus(id)
      #expect(try await client.openAIRows(done, "output_file_id").count == 1)
      try await client.advance(hours: 24 * 30)
      let output = done["output_file_id"]?.string ?? ""
      #expect(try await client.openAI("GET", "files/\(output)/content").status == 404)
    }
  }

  @Test func listsArePagedByTheLastId() async throws {
    try await SandboxClient.with { (client) async throws in
      var made: [String] = []
      for number in 0..<5 {
        made.append(try await client.openAIBatch([chatLine("a", "\(number)")]))
      }
      func ids(_ query: String) async throws -> ([String], Bool) {
        let page = try await client.openAI("GET", "batches?\(query)").json
        return (
          page["data"]?.array?.compactMap { $0["id"]?.string } ?? [],
          page["has_more"]?.bool ?? false
        )
      }
      #expect(try await ids("limit=2") == ([made[4], made[3]], true))
      #expect(try await ids("limit=2&after=\(made[3])") == ([made[2], made[1]], true))
      #expect(try await ids("limit=2&after=\(made[1])") == ([made[0]], false))
      #expect(try await client.openAI("GET", "batches?limit=0").status == 400)
      #expect(try await client.openAI("GET", "batches?limit=101").status == 400)
      let files = try await client.openAI("GET", "files?limit=1&purpose=batch").json
      #expect(files["data"]?.array?.count == 1 && files["has_more"] == .bool(true))
    }
  }

  @Test(arguments: 1...40)
  func formsAreReadWhateverTheirPieces(size: Int) throws {
    let content = "line one\r\n--edgX\r\n-\r\nlast"
    let form = Array(
      """
      preamble\r
      --edge\r
      Content-Disposition: form-data; name="purpose"\r
      \r
      batch\r
      --edge\r
      Content-Type: text/plain\r
      content-disposition: form-data; filename="x;y.jsonl"; name=file\r
      \r
      \(content)\r
      --edge\r
      Content-Disposition: form-data; name="empty"\r
      \r
      \r
      --edge--\r
      epilogue
      """.utf8)
    guard var scanner = MultipartScanner(contentType: "multipart/form-data; boundary=\"edge\"")
    else {
      Issue.record("no boundary was found")
      return
    }
    var file: [UInt8] = []
    for start in stride(from: 0, to: form.count, by: size) {
      let piece = Array(form[start..<min(form.count, start + size)])
      file += piece.withUnsafeBufferPointer { scanner.feed($0) }
    }
    #expect(String(decoding: file, as: UTF8.self) == content)
    let (fields, name, isComplete) = (scanner.fields, scanner.filename, scanner.isComplete)
    #expect(fields == ["purpose": "batch", "empty": ""])
    #expect(name == "x;y.jsonl" && isComplete)
  }
}
