internal import Records

/// What a generateContent body must be, in the provider's words.
enum GenerateRules {
  private static let members = names([
    "contents", "systemInstruction", "generationConfig", "tools", "toolConfig", "safetySettings",
    "cachedContent", "model", "labels", "serviceTier", "store",
  ])
  private static let settings = names([
    "stopSequences", "responseMimeType", "responseModalities", "responseSchema",
    "responseJsonSchema", "candidateCount", "maxOutputTokens", "temperature", "topP", "topK",
    "seed", "presencePenalty", "frequencyPenalty", "responseLogprobs", "logprobs",
    "enableEnhancedCivicAnswers", "speechConfig", "thinkingConfig", "imageConfig",
    "mediaResolution", "audioTimestamp", "routingConfig", "modelSelectionConfig",
  ])
  /// What `responseJsonSchema` may say; annotations do no harm.
  private static let jsonSchemaWords: Set<String> = [
    "$id", "$defs", "$ref", "$anchor", "type", "format", "title", "description", "enum", "items",
    "prefixItems", "minItems", "maxItems", "minimum", "maximum", "anyOf", "oneOf", "properties",
    "additionalProperties", "required", "propertyOrdering", "$schema", "$comment", "default",
    "examples",
  ]
  /// What `responseSchema`, a part of OpenAPI's, may say.
  private static let openAPIWords: Set<String> = [
    "type", "format", "title", "description", "nullable", "enum", "items", "minItems", "maxItems",
    "minimum", "maximum", "anyOf", "properties", "required", "propertyOrdering", "minProperties",
    "maxProperties", "minLength", "maxLength", "pattern", "example", "default",
  ]

  private static func names(_ names: [String]) -> Set<String> {
    Set(names + names.map(ProtoName.snake))
  }

  /// The schema that the answer is to follow, under either name.
  static func schema(in params: JSONView) -> JSONView? {
    let config = params.either("generationConfig")
    return config?.either("responseJsonSchema") ?? config?.either("responseSchema")
  }

  /// The first thing wrong with a body, as the provider's sentence.
  static func problem(in params: JSONView, _ place: GenerateDialect.Place) -> String? {
    let body = place == .tokenCount ? params.either("generateContentRequest") ?? params : params
    if let name = body.members.lazy.map(\.key.text).first(where: { !members.contains($0) }) {
      return unknown(name, at: nil)
    }
    return problem(inContents: body["contents"])
      ?? problem(inConfig: body.either("generationConfig"))
  }

  private static func unknown(_ name: String, at place: String?) -> String {
    "Invalid JSON payload received. Unknown name \"\(name)\"\(place.map { " at '\($0)'" } ?? ""): "
      + "Cannot find field."
  }

  private static func problem(inContents contents: JSONView?) -> String? {
    guard let contents, contents.kind == .array, contents.count > 0 else {
      return "* GenerateContentRequest.contents: contents is not specified"
    }
    for (position, content) in contents.elements.enumerated() {
      let place = "* GenerateContentRequest.contents[\(position)]"
      guard let parts = content["parts"], parts.kind == .array, parts.count > 0 else {
        return "\(place).parts: contents.parts must not be empty."
      }
      if let role = content["role"], !["user", "model", "function"].contains(role.text) {
        return "Please use a valid role: user, model."
      }
      for (number, part) in parts.elements.enumerated() where part.count == 0 {
        return "\(place).parts[\(number)].data: required oneof field 'data' must have one "
          + "initialized field"
      }
    }
    return nil
  }

  private static func problem(inConfig config: JSONView?) -> String? {
    guard let config, !config.isNull else { return nil }
    if let name = config.members.lazy.map(\.key.text).first(where: { !settings.contains($0) }) {
      return unknown(name, at: "generation_config")
    }
    let isTyped = config.either("responseSchema") != nil
    let isJSON = config.either("responseJsonSchema") != nil
    if isTyped, isJSON {
      return "Only one of response_schema and response_json_schema may be set."
    }
    if isTyped || isJSON, config.either("responseMimeType")?.text != "application/json" {
      return "Function calling config or response schema is set without response_mime_type "
        + "'application/json'."
    }
    guard let limit = config.either("maxOutputTokens"), !limit.isNull else { return nil }
    guard let number = limit.int else {
      return "Invalid value at 'generation_config.max_output_tokens' (TYPE_INT32)"
    }
    return number < 1 ? "max_output_tokens must be positive." : nil
  }

  /// Whether the prompt fits the model, and what is asked for too.
  static func limits(_ promptTokens: Int, _ model: Model, asked: Int?) -> String? {
    if promptTokens > model.window {
      return "The input token count (\(promptTokens)) exceeds the maximum number of tokens allowed "
        + "(\(model.window))."
    }
    guard let asked, asked > model.maxOutput else { return nil }
    return "Unable to submit request because it has a maxOutputTokens value of \(asked) but the "
      + "supported range is from 1 (inclusive) to \(model.maxOutput + 1) (exclusive)."
  }

  /// What the provider does not know in a schema under that name, the first thing found.
  static func problem(in schema: JSONValue, of name: String) -> String? {
    let words = name == "responseSchema" ? openAPIWords : jsonSchemaWords
    let place = "generation_config.\(ProtoName.snake(name))"
    guard let members = schema.members else { return nil }
    for member in members {
      guard words.contains(member.key) else { return unknown(member.key, at: place) }
      let parts: [JSONValue]
      switch member.key {
      case "properties", "$defs": parts = (member.value.members ?? []).map(\.value)
      case "anyOf", "oneOf", "prefixItems": parts = member.value.array ?? []
      case "items", "additionalProperties": parts = [member.value]
      default: continue
      }
      for part in parts {
        if let problem = problem(in: part, of: name) { return problem }
      }
    }
    return nil
  }
}
