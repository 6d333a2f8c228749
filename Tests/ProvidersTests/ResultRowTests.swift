import Records
import Testing

@testable import Providers

struct ResultRowTests {
  private func read(_ line: String, _ look: (ResultRow) -> Void) {
    var tape = JSONTape()
    var line = line
    line.withUTF8 { look(ResultRow($0, using: &tape)) }
  }

  private func message(_ content: String, stop: String = "\"end_turn\"", usage: String = "{}")
    -> String
  {
    #"{"custom_id":"a","result":{"type":"succeeded","message":{"id":"msg_1","type":"message","model":"m","content":\#(content),"stop_reason":\#(stop),"usage":\#(usage)}}}"#
  }

  private func text(_ message: AnswerMessage) -> String {
    var output = ByteBuffer()
    message.appendText(to: &output)
    return output.text
  }

  @Test func answersHaveTextStopReasonAndUsage() {
    let usage =
      #"{"input_tokens":10,"output_tokens":20,"cache_creation_input_tokens":30,"cache_read_input_tokens":40,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"service_tier":"batch","inference_geo":"us"}"#
    read(message(#"[{"type":"text","text":"plain \u2028 text"}]"#, usage: usage) + "\r\n") { row in
      guard case .succeeded(let message) = row.outcome else {
        Issue.record("\(row.outcome)")
        return
      }
      #expect(row.customID?.text == "a")
      #expect(message.stopReason == .endTurn)
      #expect(message.textCount == 1)
      #expect(message.plainText == nil)
      #expect(text(message) == "plain \u{2028} text")
      #expect(message.model?.text == "m")
      #expect(message.usage.input == 10)
      #expect(message.usage.output == 20)
      #expect(message.usage.cacheWrite5m == 10)
      #expect(message.usage.cacheWrite1h == 20)
      #expect(message.usage.cacheRead == 40)
      #expect(message.usage.prompt == 80)
      #expect(message.usage.isUSOnly)
    }
  }

  @Test func onePlainTextIsNotCopied() {
    read(message("[{\"type\":\"text\",\"text\":\"顾客 \u{2029}\"}]")) { row in
      guard case .succeeded(let message) = row.outcome else { return }
      #expect(message.plainText.map { String(decoding: $0, as: UTF8.self) } == "顾客 \u{2029}")
    }
  }

  @Test func textBlocksAreJoinedAndOthersPassedOver() {
    read(
      message(
        #"[{"type":"thinking","thinking":"hm"},{"type":"text","text":"one "},{"type":"new_block"},{"type":"text","text":"two\n"},{"type":"tool_use","name":"t","input":{"x":1}}]"#,
        stop: "\"tool_use\"", usage: #"{"cache_creation_input_tokens":7}"#)
    ) { row in
      guard case .succeeded(let message) = row.outcome else {
        Issue.record("\(row.outcome)")
        return
      }
      #expect(message.textCount == 2)
      #expect(text(message) == "one two\n")
      #expect(message.toolInput?.text == #"{"x":1}"#)
      #expect(message.stopReason == .toolUse)
      #expect(message.usage.cacheWrite5m == 7)
    }
  }

  @Test(arguments: [
    ("end_turn", StopReason.endTurn, true), ("stop_sequence", .stopSequence, true),
    ("tool_use", .toolUse, true), ("max_tokens", .maxTokens, false), ("refusal", .refusal, false),
    ("pause_turn", .pauseTurn, false), ("model_context_window_exceeded", .contextWindow, false),
    ("tired", .unknown, false),
  ])
  func stopReasons(_ word: String, _ reason: StopReason, _ isComplete: Bool) {
    read(message("[]", stop: "\"\(word)\"")) { row in
      guard case .succeeded(let message) = row.outcome else { return }
      #expect(message.stopReason == reason)
      #expect(reason.isComplete == isComplete)
    }
    read(message("[]", stop: "null")) { row in
      guard case .succeeded(let message) = row.outcome else { return }
      #expect(message.stopReason == .unknown)
      #expect(text(message).isEmpty)
    }
  }

  @Test func refusalsTellTheirCategory() {
    let details =
      #""refusal","stop_details":{"type":"refusal","category":"cyber","explanation":"no"}"#
    read(message("[]", stop: details)) { row in
      guard case .succeeded(let message) = row.outcome else { return }
      #expect(message.refusalCategory?.text == "cyber")
      #expect(message.refusalExplanation?.text == "no")
    }
  }

  @Test func errorsAreReadAtBothDepths() {
    let core = #"{"type":"invalid_request_error","message":"bad","details":{"error_code":"x_y"}}"#
    let wrapped = #"{"type":"error","error":\#(core),"request_id":"req_1"}"#
    for (error, requestID) in [(wrapped, "req_1"), (core, nil)] {
      read(#"{"custom_id":"b","result":{"type":"errored","error":\#(error)}}"#) { row in
        guard case .errored(let error) = row.outcome else {
          Issue.record("\(row.outcome)")
          return
        }
        #expect(error.kind == .invalidRequest)
        #expect(error.type?.text == "invalid_request_error")
        #expect(error.message?.text == "bad")
        #expect(error.code?.text == "x_y")
        #expect(error.requestID?.text == requestID)
        #expect(!error.kind.isTransient)
      }
    }
  }

  @Test(arguments: [
    ("overloaded_error", RowError.Kind.overloaded), ("rate_limit_error", .overloaded),
    ("api_error", .server), ("timeout_error", .server), ("request_too_large", .tooLarge),
    ("not_found_error", .notFound), ("billing_error", .account), ("new_error", .unknown),
  ])
  func errorKinds(_ type: String, _ kind: RowError.Kind) {
    read(#"{"custom_id":"b","result":{"type":"errored","error":{"type":"\#(type)"}}}"#) { row in
      guard case .errored(let error) = row.outcome else { return }
      #expect(error.kind == kind)
    }
  }

  @Test func theOtherOutcomes() {
    func name(_ line: String) -> String {
      var name = ""
      read(line) { row in
        switch row.outcome {
        case .succeeded: name = "succeeded"
        case .errored(let error): name = "errored \(error.kind)"
        case .canceled: name = "canceled"
        case .expired: name = "expired"
        case .notRun: name = "not run"
        case .unknown(let type): name = "unknown \(type.text)"
        case .malformed(let defect): name = "malformed \(defect)"
        }
        name += row.customID == nil ? " of nobody" : ""
      }
      return name
    }
    #expect(name(#"{"custom_id":"c","result":{"type":"canceled"},"more":[1]}"#) == "canceled")
    #expect(name(#"{"result":{"type":"expired"}}"#) == "expired of nobody")
    #expect(name(#"{"custom_id":7,"result":{"type":"expired"}}"#) == "expired of nobody")
    #expect(name(#"{"custom_id":"d","result":{"type":"paused"}}"#) == "unknown paused")
    #expect(name(#"{"custom_id":"d","result":{"type":"errored"}}"#) == "errored unknown")
    #expect(name(#"{"custom_id":"d","result":{"type":"succeeded"}}"#) == "malformed noMessage")
    #expect(
      name(#"{"custom_id":"d","result":{"type":"succeeded","message":null}}"#)
        == "malformed noMessage")
    #expect(name(#"{"custom_id":"d"}"#) == "malformed noResult")
    #expect(name(#"{"custom_id":"d","result":[]}"#) == "malformed noResult")
    #expect(name("[1]") == "malformed noResult of nobody")
    #expect(name(#"{"custom_id":"d","result":{"ty"#).hasPrefix("malformed notJSON"))
    #expect(name("").hasPrefix("malformed notJSON"))
    for blank in ["", "\r\n", " \t"] {
      var blank = blank
      #expect(blank.withUTF8 { ResultRow.isBlank($0) })
    }
  }

  @Test func oddUsagesAreNoCounts() {
    let usage =
      #"{"input_tokens":-1,"output_tokens":1.5,"cache_read_input_tokens":"9","cache_creation":null}"#
    read(message("[]", usage: usage)) { row in
      guard case .succeeded(let message) = row.outcome else { return }
      #expect(message.usage == TokenUsage())
    }
  }
}
