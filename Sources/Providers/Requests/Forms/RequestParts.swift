internal import Records

/// The bytes of a request that are the same for every record, in the order in which they are written.
struct RequestParts: Sendable {
  /// Up to the custom_id.
  var start: [UInt8]
  /// From behind the custom_id up to the first text's own opening.
  var head: [UInt8]
  /// Around the system text.
  var systemStart: [UInt8]
  var systemEnd: [UInt8]
  /// Before the first turn, when a system text stands before it and when none does.
  var turnsAfterSystem: [UInt8]
  var turnsAlone: [UInt8]
  /// Around turns.
  var userStart: [UInt8]
  var assistantStart: [UInt8]
  var turnEnd: [UInt8]
  /// Around a turn that the prefix to cache ends with.
  var markedUserStart: [UInt8]
  var markedAssistantStart: [UInt8]
  var markedTurnEnd: [UInt8]
  /// All that follows the last turn.
  var tail: [UInt8]

  /// What decides the parts.
  struct Plan {
    var model: String
    var maxTokens: Int
    var schema: JSONValue?
    var parameters: [JSONValue.Member]
    var cache: CacheMark?
  }

  /// Makes the parts of a form.
  init(_ form: RequestForm, _ plan: Plan) {
    let turn = form.turn
    userStart = Array(UnsafeBufferPointer(turn.user))
    assistantStart = Array(UnsafeBufferPointer(turn.assistant))
    turnEnd = Array(UnsafeBufferPointer(turn.end))
    markedUserStart = Array(#"{"role":"user","content":[{"type":"text","text":""#.utf8)
    markedAssistantStart = Array(#"{"role":"assistant","content":[{"type":"text","text":""#.utf8)
    markedTurnEnd = Array("\"\(Self.mark(plan.cache))}]}".utf8)
    start = Array((form == .generate ? "{\"key\":\"" : "{\"custom_id\":\"").utf8)
    let model = JSONValue.string(plan.model).compact
    let limit = "\"\(form.members.maxTokens)\":\(plan.maxTokens),"
    let turns = "\"\(form.members.turns)\":["
    switch form {
    case .messages:
      head = Array("\",\"params\":{\"model\":\(model),\(limit)".utf8)
      (systemStart, systemEnd) = Self.systemMember(plan.cache)
      turnsAlone = Array(turns.utf8)
      turnsAfterSystem = turnsAlone
    case .chat, .completions, .responses:
      let body = "\"body\":{\"model\":\(model),\(limit)\(turns)"
      head = Array("\",\"method\":\"POST\",\"url\":\"\(form.path)\",\(body)".utf8)
      systemStart = Array("{\"role\":\"system\",\"content\":\"".utf8)
      systemEnd = Array("\"},".utf8)
      (turnsAlone, turnsAfterSystem) = ([], [])
    case .generate:
      let name = JSONValue.string("models/\(plan.model)").compact
      head = Array("\",\"request\":{\"model\":\(name),".utf8)
      systemStart = Array("\"systemInstruction\":{\"parts\":[{\"text\":\"".utf8)
      systemEnd = Array("\"}]},".utf8)
      turnsAlone = Array(turns.utf8)
      turnsAfterSystem = turnsAlone
    }
    let members = form.bodyMembers(
      schema: plan.schema, maxTokens: plan.maxTokens, parameters: plan.parameters)
    let text = members.map { ",\(JSONValue.string($0.key).compact):\($0.value.compact)" }.joined()
    tail = Array("]\(text)}}".utf8)
  }

  /// A system text that is a member of its own, marked as a prefix to cache or not.
  private static func systemMember(
    _ cache: CacheMark?
  ) -> (start: [UInt8], end: [UInt8]) {
    guard let cache, cache.place == .system else {
      return (Array("\"system\":\"".utf8), Array("\",".utf8))
    }
    return (
      Array("\"system\":[{\"type\":\"text\",\"text\":\"".utf8), Array("\"\(mark(cache))}],".utf8)
    )
  }

  /// The member that marks a block as the end of the prefix to cache.
  private static func mark(_ cache: CacheMark?) -> String {
    cache.map { ",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"\($0.lifetime.rawValue)\"}" }
      ?? ""
  }
}

extension RequestForm {
  /// The members of a body that follow its turns: the parameters, and the schema of the answer where its
  /// form has it, or in the tool that the model must call.
  func bodyMembers(
    schema: JSONValue?, maxTokens: Int, parameters: [JSONValue.Member]
  ) -> [JSONValue.Member] {
    if self == .generate { return generationMembers(schema, maxTokens, parameters) }
    if let schema, let tool = ForcedTool(parameters, self) {
      return parameters.map {
        $0.key == "tools" ? JSONValue.Member("tools", tool.tools(asking: schema)) : $0
      }
    }
    guard let (outer, inner) = formatMember else {
      guard let schema else { return parameters }
      let format = JSONValue.object(["type": .string("json_schema"), "json_schema": named(schema)])
      return parameters + [JSONValue.Member("response_format", format)]
    }
    var members = parameters.filter { $0.key != outer }
    var holder = parameters.last { $0.key == outer }?.value.members ?? []
    if let schema {
      holder.removeAll { $0.key == inner }
      holder.append(JSONValue.Member(inner, format(schema)))
    }
    if !holder.isEmpty { members.append(JSONValue.Member(outer, .object(holder))) }
    return members
  }

  /// Limit and schema stand beside each other, among the settings that parameters may add to.
  private func generationMembers(
    _ schema: JSONValue?, _ maxTokens: Int, _ parameters: [JSONValue.Member]
  ) -> [JSONValue.Member] {
    var config = [JSONValue.Member(String(describing: members.maxTokens), .number(maxTokens))]
    config += parameters.last { $0.key == "generationConfig" }?.value.members ?? []
    if let schema {
      config.append(JSONValue.Member("responseMimeType", .string("application/json")))
      config.append(JSONValue.Member("responseJsonSchema", schema))
    }
    return parameters.filter { $0.key != "generationConfig" }
      + [JSONValue.Member("generationConfig", .object(config))]
  }

  private func format(_ schema: JSONValue) -> JSONValue {
    let type = JSONValue.Member("type", .string("json_schema"))
    guard self == .responses else { return .object([type, JSONValue.Member("schema", schema)]) }
    return .object([type] + (named(schema).members ?? []))
  }

  /// A schema that is to be kept to strictly, under the name that must be there.
  private func named(_ schema: JSONValue) -> JSONValue {
    .object([
      JSONValue.Member("name", .string("answer")), JSONValue.Member("strict", .bool(true)),
      JSONValue.Member("schema", schema),
    ])
  }
}
