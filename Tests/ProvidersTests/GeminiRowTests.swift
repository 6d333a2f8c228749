import Records
import Testing

@testable import Providers

struct GeminiRowTests {
  private func read<Value>(_ line: String, _ look: (ResultRow) -> Value) -> Value {
    var tape = JSONTape()
    var line = line
    return line.withUTF8 { look(ResultRow($0, using: &tape)) }
  }

  private func text(_ message: AnswerMessage) -> String {
    var buffer = ByteBuffer()
    message.appendText(to: &buffer)
    return buffer.text
  }

  private func message<Value>(_ response: String, _ look: (AnswerMessage) -> Value) -> Value? {
    read(#"{"key":"r1","response":\#(response)}"#) { row in
      #expect(row.customID?.text == "r1")
      guard case .succeeded(let message) = row.outcome else {
        Issue.record("\(row.outcome)")
        return nil
      }
      return look(message)
    }
  }

  @Test func anAnswerOfSeveralParts() {
    let response =
      #"{"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"{\"a\":"},{"text":"1}"}],"role":"model"},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":4,"thoughtsTokenCount":7,"cachedContentTokenCount":6,"toolUsePromptTokenCount":2,"totalTokenCount":23},"modelVersion":"gemini-2.5-flash"}"#
    message(response) { message in
      #expect(message.stopReason == .endTurn && text(message) == #"{"a":1}"#)
      #expect(message.textCount == 2 && message.model?.text == "gemini-2.5-flash")
      let usage = message.usage
      #expect(usage.input == 6 && usage.cacheRead == 6 && usage.output == 11)
    }
  }

  @Test(arguments: [
    ("STOP", StopReason.endTurn), ("MAX_TOKENS", .maxTokens), ("SAFETY", .refusal),
    ("RECITATION", .refusal), ("PROHIBITED_CONTENT", .refusal), ("BLOCKLIST", .refusal),
    ("SPII", .refusal), ("LANGUAGE", .refusal), ("MALFORMED_RESPONSE", .unknown),
    ("OTHER", .unknown),
  ])
  func reasons(_ word: String, _ reason: StopReason) {
    message(#"{"candidates":[{"content":{"role":"model"},"finishReason":"\#(word)"}]}"#) {
      #expect($0.stopReason == reason && $0.textCount == 0)
      if reason == .refusal { #expect($0.refusalExplanation?.text == word) }
    }
  }

  @Test func aPromptThatIsBlockedIsARefusal() {
    message(
      #"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":5}}"#
    ) {
      #expect($0.stopReason == .refusal && $0.usage.input == 5 && $0.usage.output == 0)
      #expect($0.refusalExplanation?.text == "PROHIBITED_CONTENT")
    }
  }

  @Test func aForcedCallIsAnAnswer() {
    message(
      #"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":1}}}]},"finishReason":"STOP"}]}"#
    ) {
      #expect($0.textCount == 0 && $0.toolInput?["a"]?.int == 1)
    }
  }

  @Test(arguments: [
    (3, RowError.Kind.invalidRequest), (4, .server), (5, .notFound), (7, .account),
    (8, .overloaded), (13, .server), (14, .overloaded), (2, .unknown), (99, .unknown),
  ])
  func failuresGoByTheirNumber(_ code: Int, _ kind: RowError.Kind) {
    read(#"{"key":"r1","error":{"code":\#(code),"message":"why"}}"#) { row in
      guard case .errored(let error) = row.outcome else {
        Issue.record("\(row.outcome)")
        return
      }
      #expect(error.kind == kind && error.message?.text == "why")
    }
  }

  @Test func otherRows() {
    read(#"{"key":"r1","error":{"code":1,"message":"Cancelled."}}"#) { row in
      guard case .canceled = row.outcome else {
        Issue.record("\(row.outcome)")
        return
      }
    }
    read(#"{"key":"r1"}"#) { row in
      guard case .malformed(.noResult) = row.outcome else {
        Issue.record("\(row.outcome)")
        return
      }
    }
    read(String(decoding: ResultRow.line(for: "r1", .expired), as: UTF8.self)) { row in
      guard case .expired = row.outcome else {
        Issue.record("\(row.outcome)")
        return
      }
    }
  }

  @Test func cachedInputCostsItsStandardRateInABatch() throws {
    let catalog = try Catalog.builtIn(of: .gemini)
    let model = try #require(catalog.model("gemini-2.5-pro"))
    var usage = TokenUsage()
    usage.input = 1_000_000
    usage.cacheRead = 1_000_000
    usage.output = 1_000_000
    // Above 200,000 tokens: 2.5 in, 15 out, 0.25 cached; half of the first two.
    #expect(
      Cost(model, mode: .batch, catalog: catalog)?.of(usage).nanodollars == 9_000_000_000)
    #expect(
      Cost(model, mode: .synchronous, catalog: catalog)?.of(usage).nanodollars == 17_750_000_000)
  }
}
