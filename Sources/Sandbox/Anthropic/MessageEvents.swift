internal import Records

/// A message as the server-sent events of a streamed one.
struct MessageEvents: ~Copyable {
  private let message: JSONValue
  private var output = ByteBuffer(capacity: 4096)

  /// The events of a message, in `text/event-stream` form.
  static func bytes(of message: JSONValue) -> [UInt8] {
    var events = MessageEvents(message: message)
    events.write()
    return Array(events.output.bytes)
  }

  private init(message: JSONValue) { self.message = message }

  private mutating func write() {
    emit("message_start", [.init("message", opening)])
    for (index, block) in (message["content"]?.array ?? []).enumerated() { write(block, at: index) }
    let delta: JSONValue = .object([
      "stop_reason": message["stop_reason"] ?? .null,
      "stop_sequence": message["stop_sequence"] ?? .null,
      "stop_details": message["stop_details"] ?? .null,
    ])
    let usage: JSONValue = .object(["output_tokens": message["usage"]?["output_tokens"] ?? .null])
    emit("message_delta", [.init("delta", delta), .init("usage", usage)])
    emit("message_stop", [])
  }

  /// The message before its first word.
  private var opening: JSONValue {
    .object(
      (message.members ?? []).map { member in
        switch member.key {
        case "content": .init("content", .array([]))
        case "stop_reason", "stop_sequence", "stop_details": .init(member.key, .null)
        default: member
        }
      })
  }

  private mutating func write(_ block: JSONValue, at index: Int) {
    let isTool = block["type"]?.string == "tool_use"
    let empty = (block.members ?? []).map { member -> JSONValue.Member in
      switch member.key {
      case "text": .init("text", .string(""))
      case "input": .init("input", .object([JSONValue.Member]()))
      default: member
      }
    }
    let place = JSONValue.Member("index", .number(index))
    emit("content_block_start", [place, .init("content_block", .object(empty))])
    let text = isTool ? block["input"]?.compact ?? "" : block["text"]?.string ?? ""
    var rest = Substring(text)
    while !rest.isEmpty {
      let piece = JSONValue.string(String(rest.prefix(24)))
      rest = rest.dropFirst(24)
      let delta: JSONValue =
        isTool
        ? .object(["type": .string("input_json_delta"), "partial_json": piece])
        : .object(["type": .string("text_delta"), "text": piece])
      emit("content_block_delta", [place, .init("delta", delta)])
    }
    emit("content_block_stop", [place])
  }

  private mutating func emit(_ name: String, _ members: [JSONValue.Member]) {
    output.append("event: ")
    output.append(text: name)
    output.append("\ndata: ")
    JSONValue.object([.init("type", .string(name))] + members).append(to: &output)
    output.append("\n\n")
  }
}
