internal import Records

extension ResultRow {
  /// What a file of Gemini's answers says of a request: a response, or an error with its number in `google.rpc.Code`.
  static func generated(_ row: JSONView) -> Outcome {
    if let error = row.member("error"), error.kind == .object {
      let code = StatusCode(rawValue: error.member("code")?.countValue ?? 2) ?? .unknown
      return code == .canceled ? .canceled : .errored(RowError(code, error))
    }
    guard let response = row.member("response"), response.kind == .object else {
      return .malformed(.noResult)
    }
    return .succeeded(AnswerMessage(generated: response))
  }
}
