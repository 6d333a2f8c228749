internal import Records

/// Rows of Gemini's answers: lines of a file, or elements of `inlinedResponses`.
struct GeminiRows: ResultRows {
  let terms: GeminiTerms

  var dialect: any Dialect { GenerateDialect(model: terms.model, place: .batchRow) }
  var separatesFailures: Bool { false }

  func parts(of request: JSONView) -> (id: JSONView?, body: JSONView)? {
    let id = request["key"].flatMap { $0.kind == .string ? $0 : nil }
    // A line without a request is a row that fails, as one without contents.
    return (id, request["request"] ?? request)
  }

  func open(_ id: JSONView?, _ name: String, seed: UInt64, to output: inout ByteBuffer) {
    begin(id, to: &output)
    output.append("\"response\":")
  }

  func close(to output: inout ByteBuffer) { output.append("}\n") }

  func append(
    _ error: APIError, _ id: JSONView?, _ name: String, seed: UInt64, to output: inout ByteBuffer
  ) {
    let word = error.type ?? SandboxAPI.gemini.errorType(for: error.status)
    append(SandboxAPI.rpcCode(for: word), error.message, id, to: &output)
  }

  func append(
    _ undone: UndoneRow, _ id: JSONView?, _ name: String, seed: UInt64, to output: inout ByteBuffer
  ) {
    switch undone {
    case .canceled: append(1, "The request was cancelled.", id, to: &output)
    case .expired: append(4, "The request was not processed in time.", id, to: &output)
    }
  }

  private func append(
    _ code: Int, _ message: String, _ id: JSONView?, to output: inout ByteBuffer
  ) {
    begin(id, to: &output)
    output.append("\"error\":")
    JSONValue.object(["code": .number(code), "message": .string(message)]).append(to: &output)
    close(to: &output)
  }

  private func begin(_ id: JSONView?, to output: inout ByteBuffer) {
    guard let id else {
      output.append(0x7B)
      return
    }
    output.append(terms.place == .inline ? "{\"metadata\":{\"key\":\"" : "{\"key\":\"")
    id.appendEscapedText(to: &output)
    output.append(terms.place == .inline ? "\"}," : "\",")
  }
}
