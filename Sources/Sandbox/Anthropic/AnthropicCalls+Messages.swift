internal import Records

extension AnthropicCalls {
  /// Answers a message at once, at the synchronous price; as events when the body says `stream`.
  func message(_ call: Call, _ bytes: [UInt8]) throws -> Reply {
    let answer = try world.answer(call, bytes, call.dialect(.message))
    guard answer.isStreamed else { return Reply(json: answer.json) }
    let events = MessageEvents.bytes(of: try JSONValue(parsing: answer.json))
    return Reply(bytes: events, type: "text/event-stream")
  }

  /// The number of tokens of a body's prompt.
  func countTokens(_ call: Call, _ bytes: [UInt8]) throws -> Reply {
    let tokens = try world.promptTokens(call, bytes, call.dialect(.tokenCount))
    return Reply(.object(["input_tokens": .number(tokens)]))
  }
}
