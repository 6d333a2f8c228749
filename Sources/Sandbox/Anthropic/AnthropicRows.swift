internal import Records

/// Rows of the results of message batches: all in one file.
struct AnthropicRows: ResultRows {
  let terms: AnthropicTerms

  var dialect: any Dialect {
    MessagesDialect(
      setting: MessageSetting(
        place: .batchRow, version: terms.version, allowsLongOutput: terms.allowsLongOutput))
  }
  var separatesFailures: Bool { false }

  func parts(of request: JSONView) -> (id: JSONView?, body: JSONView)? {
    request["params"].map { (request["custom_id"], $0) }
  }

  func open(_ id: JSONView?, _ name: String, seed: UInt64, to output: inout ByteBuffer) {
    begin(id, to: &output)
    output.append("\"succeeded\",\"message\":")
  }

  func close(to output: inout ByteBuffer) { output.append("}}\n") }

  func append(
    _ error: APIError, _ id: JSONView?, _ name: String, seed: UInt64, to output: inout ByteBuffer
  ) {
    begin(id, to: &output)
    output.append("\"errored\",\"error\":")
    error.json(.anthropic, requestID: Draw.id("req", seed: seed, name)).append(to: &output)
    output.append("}}\n")
  }

  func append(
    _ undone: UndoneRow, _ id: JSONView?, _ name: String, seed: UInt64, to output: inout ByteBuffer
  ) {
    begin(id, to: &output)
    output.append(0x22)
    output.append(text: undone.rawValue)
    output.append("\"}}\n")
  }

  private func begin(_ id: JSONView?, to output: inout ByteBuffer) {
    output.append("{\"custom_id\":\"")
    id?.appendEscapedText(to: &output)
    output.append("\",\"result\":{\"type\":")
  }
}
