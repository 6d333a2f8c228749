import Records
import Testing

@testable import Providers

@Suite struct RequestRevisionTests {
  private let line =
    #"{"custom_id":"k1","params":{"model":"claude-haiku-4-5","max_tokens":512,"messages":[{"role":"user","content":"Say \"max_tokens\":512"}],"output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}}}"#

  private func check(bodyByteLimit: Int? = nil) throws -> RequestCheck {
    let catalog = try Catalog.builtIn(of: .anthropic)
    let model = try #require(catalog.model("claude-haiku-4-5"))
    return RequestCheck(
      RequestBuilder(model: "claude-haiku-4-5", maxTokens: 512), model: model,
      limits: catalog.limits, bodyByteLimit: bodyByteLimit)
  }

  private func revise(
    _ line: String, _ change: RequestRevision.Change, bodyByteLimit: Int? = nil
  ) throws -> (text: String, outcome: RequestRevision.Outcome) {
    var line = line
    var buffer = ByteBuffer()
    buffer.append("before\n")
    let outcome = try line.withUTF8 {
      RequestRevision(try check(bodyByteLimit: bodyByteLimit)).append(
        $0, changing: change, to: &buffer)
    }
    return (String(decoding: buffer.bytes[7...], as: UTF8.self), outcome)
  }

  private func correct(
    _ line: String, _ answer: String, bodyByteLimit: Int? = nil
  ) throws -> String {
    var answer = answer
    return try answer.withUTF8 {
      try revise(
        line, .correction(of: $0, because: "at /a: \"x\" is bad"), bodyByteLimit: bodyByteLimit
      )
      .text
    }
  }

  @Test func whatDidNotFailIsSentAsItWas() throws {
    #expect(try revise(line, .nothing).text == line)
  }

  @Test func moreTokensUpToTheModelsLimit() throws {
    let once = try revise(line, .moreTokens).text
    #expect(once == line.replacing(#""max_tokens":512,"#, with: #""max_tokens":1024,"#))
    let most = try #require(
      try Catalog.builtIn(of: .anthropic).model("claude-haiku-4-5")?.maxOutput)
    let near = line.replacing(#""max_tokens":512,"#, with: #""max_tokens":\#(most - 1),"#)
    let last = try revise(near, .moreTokens).text
    #expect(last == line.replacing(#""max_tokens":512,"#, with: #""max_tokens":\#(most),"#))
    let (text, outcome) = try revise(last, .moreTokens)
    #expect(text.isEmpty && outcome == .exhausted(maxTokens: most))
  }

  @Test func anAnswerIsToldToTheModelWithWhatIsWrong() throws {
    let text = try correct(line, "{\"a\": \"x\"}\n")
    let request = try JSONValue(parsing: text)
    let messages = try #require(request["params"]?["messages"]?.array)
    #expect(messages.count == 3)
    #expect(messages[1]["role"]?.string == "assistant")
    #expect(messages[1]["content"]?.string == #"{"a": "x"}"#)
    #expect(messages[2]["role"]?.string == "user")
    #expect(messages[2]["content"]?.string?.contains(#"at /a: "x" is bad"#) == true)
    #expect(request["params"]?["output_config"] != nil)
    // A second answer that does not do follows the first.
    let again = try JSONValue(parsing: try correct(text, "no"))
    #expect(again["params"]?["messages"]?.array?.count == 5)
  }

  @Test func nothingToTell() throws {
    #expect(try correct(line, " \n") == line)
    let limit = line.utf8.count + 1 + ShardBody.envelopeByteCount
    #expect(try correct(line, "{}", bodyByteLimit: limit) == line)
  }

  @Test func theTokensOfATurnCount() throws {
    func likely(_ change: RequestRevision.Change) throws -> Int {
      switch try revise(line, change).outcome {
      case .written(let tokens): tokens.likely
      case .exhausted: -1
      }
    }
    let plain = try likely(.nothing)
    var answer = String(repeating: "word ", count: 200)
    let told = try answer.withUTF8 { try likely(.correction(of: $0, because: "x")) }
    #expect(plain > 0 && told > plain + 150)
  }
}
