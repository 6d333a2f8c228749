import Records
import Testing

@testable import Providers

struct OpenAIRowTests {
  private func read<Value>(_ line: String, _ look: (ResultRow) -> Value) -> Value {
    var tape = JSONTape()
    var line = line
    return line.withUTF8 { look(ResultRow($0, using: &tape)) }
  }

  private func row(_ body: String, status: Int = 200) -> String {
    #"{"id":"batch_req_1","custom_id":"r1","response":{"status_code":\#(status),"request_id":"q","body":\#(body)},"error":null}"#
  }

  private func text(_ message: AnswerMessage) -> String {
    var buffer = ByteBuffer()
    message.appendText(to: &buffer)
    return buffer.text
  }

  @Test func aChatCompletion() {
    let body =
      #"{"choices":[{"finish_reason":"stop","message":{"content":"{\"a\":1}","refusal":null}}],"usage":{"prompt_tokens":10,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":6}}}"#
    read(row(body)) { row in
      #expect(row.customID?.text == "r1")
      guard case .succeeded(let message) = row.outcome else {
        Issue.record("\(row.outcome)")
        return
      }
      #expect(message.stopReason == .endTurn && text(message) == #"{"a":1}"#)
      #expect(message.usage.input == 4 && message.usage.cacheRead == 6 && message.usage.output == 4)
    }
  }

  @Test(arguments: [
    (#"{"finish_reason":"length","message":{"content":"x"}}"#, StopReason.maxTokens),
    (#"{"finish_reason":"content_filter","message":{"content":""}}"#, .refusal),
    (#"{"finish_reason":"stop","message":{"content":null,"refusal":"I will not."}}"#, .refusal),
    (
      #"{"finish_reason":"tool_calls","message":{"content":null,"tool_calls":[{"function":{"arguments":"{}"}}]}}"#,
      .toolUse
    ), (#"{"finish_reason":"new","message":{"content":"x"}}"#, .unknown),
  ])
  func reasonsOfCompletions(_ choice: String, _ reason: StopReason) {
    read(row(#"{"choices":[\#(choice)]}"#)) { row in
      guard case .succeeded(let message) = row.outcome else { return }
      #expect(message.stopReason == reason)
      if reason == .toolUse { #expect(text(message) == "{}") }
      if choice.contains("will not") { #expect(message.refusalExplanation?.text == "I will not.") }
    }
  }

  @Test func ofSeveralMessagesTheLastCountsFirst() {
    let body =
      #"{"status":"completed","output":[{"type":"reasoning"},{"type":"message","content":[{"type":"output_text","text":"{\"a\""}]},{"type":"message","content":[{"type":"output_text","text":"{\"a\":1}"}]}],"usage":{"input_tokens":3,"output_tokens":2}}"#
    read(row(body)) { row in
      guard case .succeeded(let message) = row.outcome else { return }
      #expect(text(message) == #"{"a":1}"# && message.otherTexts.map(\.text) == [#"{"a""#])
      #expect(message.stopReason == .endTurn && message.usage.input == 3)
    }
  }

  @Test(arguments: [
    (
      #"{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}"#,
      StopReason.maxTokens
    ),
    (
      #"{"status":"incomplete","incomplete_details":{"reason":"content_filter"},"output":[]}"#,
      .refusal
    ),
    (
      #"{"status":"completed","output":[{"type":"message","content":[{"type":"refusal","refusal":"no"}]}]}"#,
      .refusal
    ),
    (#"{"status":"failed","output":[]}"#, .unknown),
  ])
  func reasonsOfResponses(_ body: String, _ reason: StopReason) {
    read(row(body)) { row in
      guard case .succeeded(let message) = row.outcome else { return }
      #expect(message.stopReason == reason)
    }
  }

  @Test(arguments: [
    (400, RowError.Kind.invalidRequest), (404, .notFound), (413, .tooLarge), (429, .overloaded),
    (500, .server), (503, .server), (401, .account),
  ])
  func failuresGoByTheirStatus(_ status: Int, _ kind: RowError.Kind) {
    read(row(#"{"error":{"message":"why","type":"t","code":"c"}}"#, status: status)) { row in
      guard case .errored(let error) = row.outcome else {
        Issue.record("\(row.outcome)")
        return
      }
      #expect(error.kind == kind && error.message?.text == "why")
    }
  }

  /// Rows as `vllm run-batch` writes them: of newer and of older versions.
  @Test(arguments: [
    (
      #"{"id":"vllm-1","custom_id":"r","response":{"status_code":200,"request_id":"vllm-batch-1","body":{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"yes","refusal":null,"tool_calls":[],"reasoning_content":null},"logprobs":null,"finish_reason":"stop","stop_reason":null}],"usage":{"prompt_tokens":25,"total_tokens":56,"completion_tokens":31,"prompt_tokens_details":null},"prompt_logprobs":null}},"error":null}"#,
      "yes, 31"
    ),
    (
      #"{"id":"vllm-2","custom_id":"r","response":{"id":"cmpl-2","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"old"},"logprobs":null,"finish_reason":"stop","stop_reason":null}],"usage":{"prompt_tokens":27,"total_tokens":32,"completion_tokens":5}},"error":null}"#,
      "old, 5"
    ),
    (
      #"{"id":"vllm-3","custom_id":"r","response":{"status_code":400,"request_id":"vllm-batch-3","body":null},"error":{"error":{"message":"too long","type":"BadRequestError","param":null,"code":400}}}"#,
      "invalidRequest too long"
    ),
    (
      #"{"id":"vllm-4","custom_id":"r","response":{"status_code":404,"request_id":"vllm-batch-4","body":null},"error":{"object":"error","message":"no model","type":"NotFoundError","param":null,"code":404}}"#,
      "notFound no model"
    ),
    (
      #"{"id":"vllm-5","custom_id":"r","response":{"status_code":400,"request_id":"vllm-batch-5","body":null},"error":"the URL is not supported"}"#,
      "invalidRequest the URL is not supported"
    ),
  ])
  func rowsOfALocalRunner(_ line: String, _ words: String) {
    read(line) { row in
      switch row.outcome {
      case .succeeded(let message):
        #expect("\(text(message)), \(message.usage.output)" == words)
        #expect(message.stopReason == .endTurn)
      case .errored(let error): #expect("\(error.kind) \(error.message?.text ?? "")" == words)
      default: Issue.record("\(row.outcome)")
      }
    }
  }

  @Test func whatWasNotCarriedOut() {
    func word(_ line: String) -> String {
      read(line) { row in
        switch row.outcome {
        case .expired: "expired"
        case .canceled: "canceled"
        case .notRun: "not run"
        case .errored(let error): "errored \(error.kind) \(error.message?.text ?? "")"
        default: "\(row.outcome)"
        }
      }
    }
    func line(_ fate: ResultRow.Fate) -> String {
      String(decoding: ResultRow.line(for: "r1", fate), as: UTF8.self)
    }
    #expect(
      word(#"{"custom_id":"r","response":null,"error":{"code":"batch_expired"}}"#) == "expired")
    #expect(word(line(.expired)) == "expired" && word(line(.canceled)) == "canceled")
    #expect(word(line(.notRun)) == "not run")
    #expect(word(line(.refused("c", "why"))) == "errored invalidRequest why")
    #expect(word(line(.failed("c", "why"))) == "errored unknown why")
    // What a local runner writes: a text, and no body.
    #expect(word(#"{"custom_id":"r","response":null,"error":"broke"}"#) == "errored unknown broke")
  }
}
