internal import Records

/// What models that reason do not take.
enum ReasoningRules {
  /// Members that steer the choice of words, and the value that each may have all the same.
  private static let steering: [(name: String, usual: Double?)] = [
    ("temperature", 1), ("top_p", 1), ("presence_penalty", 0), ("frequency_penalty", 0),
    ("logit_bias", nil), ("logprobs", nil), ("top_logprobs", nil),
  ]

  /// The first member of a body that its model does not take.
  static func problem(in params: JSONView, _ model: Model) -> APIError? {
    guard model.thinks else { return nil }
    let said = params["reasoning_effort"]?.text ?? params["reasoning"]?["effort"]?.text
    if !isFirst(model), (said ?? usualEffort(of: model)) == "none" { return nil }
    for (name, usual) in steering {
      guard let value = params[name], !value.isNull else { continue }
      guard let usual else { return OpenAIRules.unsupported(name, "") }
      guard value.double != usual else { continue }
      return .invalid(
        "Unsupported value: '\(name)' does not support \(String(decoding: value.rawBytes, as: UTF8.self)) with "
          + "this model. Only the default (\(Int(usual))) value is supported.",
        param: name, code: "unsupported_value")
    }
    return nil
  }

  /// Whether it is one of the first, which always reason.
  private static func isFirst(_ model: Model) -> Bool {
    ["gpt-5", "gpt-5-mini", "gpt-5-nano"].contains(model.id)
  }

  private static func usualEffort(of model: Model) -> String {
    model.id.hasPrefix("gpt-5.2") || model.id.hasPrefix("gpt-5.4") ? "none" : "medium"
  }
}
