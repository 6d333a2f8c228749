internal import Records

/// What bodies of both of OpenAI's calls must be, in its words.
enum OpenAIRules {
  /// The model that a body names.
  static func model(of params: JSONView) throws(APIError) -> Model {
    guard let id = params["model"], id.kind == .string else {
      throw .invalid("you must provide a model parameter")
    }
    guard let model = Model.named(id.text, of: .openai) else {
      throw APIError(
        status: 404,
        message: "The model `\(id.text)` does not exist or you do not have access to "
          + "it.", code: "model_not_found")
    }
    return model
  }

  static func missing(_ name: String) -> APIError {
    .invalid(
      "Missing required parameter: '\(name)'.", param: name, code: "missing_required_parameter")
  }

  static func unknown(_ name: String) -> APIError {
    .invalid("Unknown parameter: '\(name)'.", param: name, code: "unknown_parameter")
  }

  static func wrongType(_ name: String, _ wanted: String, _ value: JSONView) -> APIError {
    .invalid(
      "Invalid type for '\(name)': expected \(wanted), but got \(word(for: value.kind)) instead.",
      param: name, code: "invalid_type")
  }

  static func wrongValue(_ name: String, _ value: String, _ supported: [String]) -> APIError {
    let words = supported.map { "'\($0)'" }
    let list = words.dropLast().joined(separator: ", ") + (words.count > 1 ? ", and " : "")
    return .invalid(
      "Invalid value: '\(value)'. Supported values are: \(list)\(words.last ?? "").",
      param: name, code: "invalid_value")
  }

  static func unsupported(_ name: String, _ hint: String) -> APIError {
    .invalid(
      "Unsupported parameter: '\(name)' is not supported with this model.\(hint)", param: name,
      code: "unsupported_parameter")
  }

  /// The first member that is none of these.
  static func unknownMember(in params: JSONView, known: Set<String>) -> APIError? {
    params.members.lazy.map(\.key.text).first { !known.contains($0) }.map(unknown)
  }

  /// Whether the prompt fits the model, and what is asked for too.
  static func limits(
    _ promptTokens: Int, _ model: Model, asked: Int?, param: String
  ) -> APIError? {
    if promptTokens > model.window {
      return .invalid(
        "This model's maximum context length is \(model.window) tokens. However, your messages "
          + "resulted in \(promptTokens) tokens. Please reduce the length of the messages.",
        param: "messages", code: "context_length_exceeded")
    }
    guard let asked else { return nil }
    if asked < 1 {
      return .invalid(
        "Invalid '\(param)': integer below minimum value. Expected a value >= 1, but got \(asked) "
          + "instead.", param: param, code: "integer_below_min_value")
    }
    guard asked > model.maxOutput else { return nil }
    return .invalid(
      "\(param) is too large: \(asked). This model supports at most \(model.maxOutput) completion "
        + "tokens, whereas you provided \(asked).", param: param, code: "invalid_value")
  }

  /// What is wrong with the name and schema that an answer's format gives.
  static func problem(inNamedSchema format: JSONView, at place: String) -> APIError? {
    guard let name = format["name"] else { return missing("\(place).name") }
    guard name.kind == .string else { return wrongType("\(place).name", "a string", name) }
    let isSafe = name.text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
      default: false
      }
    }
    guard isSafe, (1...64).contains(name.text.utf8.count) else {
      return .invalid(
        "Invalid '\(place).name': string does not match pattern. Expected a string that matches the "
          + "pattern '^[a-zA-Z0-9_-]+$' of at most 64 characters.", param: "\(place).name",
        code: "invalid_value")
    }
    if let strict = format["strict"], strict.bool == nil, !strict.isNull {
      return wrongType("\(place).strict", "a boolean", strict)
    }
    guard let schema = format["schema"] else { return missing("\(place).schema") }
    return schema.kind == .object ? nil : wrongType("\(place).schema", "an object", schema)
  }

  private static func word(for kind: JSONNode.Kind) -> String {
    switch kind {
    case .null: "null"
    case .true, .false: "a boolean"
    case .number: "an integer"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
