internal import Records

/// Rows of OpenAI's output and error files.
struct OpenAIRows: ResultRows {
  let terms: OpenAITerms

  var dialect: any Dialect { terms.form.dialect(.batchRow) }
  var separatesFailures: Bool { true }

  func parts(of request: JSONView) -> (id: JSONView?, body: JSONView)? {
    request["body"].map { (request["custom_id"], $0) }
  }

  func open(_ id: JSONView?, _ name: String, seed: UInt64, to output: inout ByteBuffer) {
    begin(id, name, seed, to: &output)
    output.append("{\"status_code\":200,\"request_id\":\"")
    output.append(text: requestID(name, seed))
    output.append("\",\"body\":")
  }

  func close(to output: inout ByteBuffer) { output.append("},\"error\":null}\n") }

  func append(
    _ error: APIError, _ id: JSONView?, _ name: String, seed: UInt64, to output: inout ByteBuffer
  ) {
    let status = error.type.map { SandboxAPI.openai.status(for: $0) } ?? error.status
    let requestID = requestID(name, seed)
    begin(id, name, seed, to: &output)
    output.append("{\"status_code\":")
    // A word that belongs to several statuses stands for the one that was meant.
    let isFitting = error.type == SandboxAPI.openai.errorType(for: error.status)
    output.append(decimal: isFitting ? error.status : status)
    output.append(",\"request_id\":\"")
    output.append(text: requestID)
    output.append("\",\"body\":")
    error.json(.openai, requestID: requestID).append(to: &output)
    close(to: &output)
  }

  func append(
    _ undone: UndoneRow, _ id: JSONView?, _ name: String, seed: UInt64, to output: inout ByteBuffer
  ) {
    begin(id, name, seed, to: &output)
    switch undone {
    case .expired:
      output.append(
        "null,\"error\":{\"code\":\"batch_expired\",\"message\":\"This request could not be executed "
      )
      output.append("before the completion window expired.\"}}\n")
    case .canceled:
      output.append(
        "null,\"error\":{\"code\":\"batch_cancelled\",\"message\":\"This request was not ")
      output.append("executed because the batch was cancelled.\"}}\n")
    }
  }

  private func begin(
    _ id: JSONView?, _ name: String, _ seed: UInt64, to output: inout ByteBuffer
  ) {
    var draw = Draw(seed: seed, "batch_req \(name)")
    output.append("{\"id\":\"batch_req_")
    output.append(text: draw.hexadecimal(32))
    output.append("\",\"custom_id\":\"")
    id?.appendEscapedText(to: &output)
    output.append("\",\"response\":")
  }

  private func requestID(_ name: String, _ seed: UInt64) -> String {
    var draw = Draw(seed: seed, "request of \(name)")
    return draw.hexadecimal(32)
  }
}
