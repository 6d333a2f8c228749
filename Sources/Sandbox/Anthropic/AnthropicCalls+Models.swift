internal import Records

extension AnthropicCalls {
  /// A page of the models.
  func models(_ call: Call) throws -> Reply {
    let page = try AnthropicPage(call.query, ids: Model.anthropic.map(\.id))
    return Reply(page.json(Model.anthropic[page.range].map(\.json)))
  }

  /// One model.
  func model(_ call: Call) throws -> Reply {
    guard let model = Model.named(call.id) else { throw APIError.missing("model: \(call.id)") }
    return Reply(model.json)
  }
}

extension Model {
  /// The model as the provider lists it.
  ///
  /// Release dates are not known here, which the provider writes as the epoch.
  fileprivate var json: JSONValue {
    func supported(_ value: Bool) -> JSONValue { .object(["supported": .bool(value)]) }
    return .object([
      "type": .string("model"), "id": .string(id), "display_name": .string(name),
      "created_at": .string("1970-01-01T00:00:00Z"), "lifecycle": .string("active"),
      "deprecated_at": .null, "retires_at": .null, "line": .null,
      "max_input_tokens": .number(window), "max_tokens": .number(maxOutput),
      "capabilities": .object([
        "batch": supported(true), "structured_outputs": supported(true),
        "citations": supported(true),
        "image_input": supported(true), "pdf_input": supported(true),
        "code_execution": supported(false),
      ]),
    ])
  }
}
