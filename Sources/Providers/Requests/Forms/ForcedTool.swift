public import Records

/// That the parameters of a request make the model call a tool: the tool's input is the answer then.
public struct ForcedTool: Sendable {
  private let form: RequestForm
  private let tools: [JSONValue]

  /// Looks for a forced tool among the parameters; nil when the model may answer in words.
  public init?(_ parameters: [JSONValue.Member], _ form: RequestForm) {
    let body = JSONValue.object(parameters)
    guard form.toolMembers != nil, let choice = body["tool_choice"],
      let tools = body["tools"]?.array, !tools.isEmpty, Self.isForced(choice, form)
    else { return nil }
    self.form = form
    self.tools = tools
  }

  /// The name of the one tool that a choice names; nil when it names none.
  static func name(in choice: JSONValue, _ form: RequestForm) -> String? {
    guard let members = form.toolMembers, choice.string == nil else { return nil }
    return (members.holder.map { choice[$0] } ?? choice)?["name"]?.string
  }

  private static func isForced(_ choice: JSONValue, _ form: RequestForm) -> Bool {
    if let word = choice.string { return word == "required" }
    return choice["type"]?.string == "any" || name(in: choice, form) != nil
  }

  /// Whether every tool says by itself what its input is, so that a stage's schema is asked of none.
  public var describesInput: Bool {
    tools.allSatisfy { description(of: $0)?[schemaMember] != nil }
  }

  /// The tools, with a schema as the input of those that do not say what theirs is.
  func tools(asking schema: JSONValue) -> JSONValue {
    .array(
      tools.map { tool in
        guard let inner = description(of: tool), inner[schemaMember] == nil else { return tool }
        let filled = inner.setting(schemaMember, to: schema).setting("strict", to: .bool(true))
        guard let holder = form.toolMembers?.holder else { return filled }
        return tool.setting(holder, to: filled)
      })
  }

  private var schemaMember: String { form.toolMembers?.schema ?? "" }

  private func description(of tool: JSONValue) -> JSONValue? {
    guard let holder = form.toolMembers?.holder else { return tool }
    return tool[holder]
  }
}

extension JSONValue {
  /// The object with another value for a member, which comes last when it was not there.
  fileprivate func setting(_ key: String, to value: JSONValue) -> JSONValue {
    var members = self.members ?? []
    if let place = members.lastIndex(where: { $0.key == key }) {
      members[place].value = value
    } else {
      members.append(Member(key, value))
    }
    return .object(members)
  }
}
