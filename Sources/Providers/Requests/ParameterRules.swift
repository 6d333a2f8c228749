internal import Records

/// What parameters that are right one by one may not be together.
///
/// Sources: the provider's documentation of extended thinking and of tools.
enum ParameterRules {
  static func problems(
    in parameters: [JSONValue.Member], maxTokens: Int, _ form: RequestForm
  ) -> [PlanProblem] {
    let body = JSONValue.object(parameters)
    var problems = [toolProblem(in: body, form)].compactMap(\.self)
    if form == .messages { problems += thinkingProblems(in: body, maxTokens: maxTokens) }
    return problems
  }

  private static func thinkingProblems(in body: JSONValue, maxTokens: Int) -> [PlanProblem] {
    guard let thinking = body["thinking"], let type = thinking["type"]?.string,
      type != "disabled"
    else { return [] }
    var problems: [PlanProblem] = []
    if type == "enabled" { problems += budgetProblems(thinking, maxTokens) }
    if ForcedTool(body.members ?? [], .messages) != nil {
      problems.append(
        problem(
          "tool_choice", "a model that thinks cannot be made to call a tool",
          "remove thinking, or let schema ask for the answer without a tool"))
    }
    if let temperature = body["temperature"], temperature.double != 1 {
      problems.append(
        problem("temperature", "a model that thinks takes no temperature but 1", "remove it"))
    }
    if body["top_k"] != nil {
      problems.append(problem("top_k", "a model that thinks takes no top_k", "remove it"))
    }
    return problems
  }

  private static func budgetProblems(_ thinking: JSONValue, _ maxTokens: Int) -> [PlanProblem] {
    guard let budget = thinking["budget_tokens"]?.int else {
      return [
        problem(
          "thinking", "thinking lacks budget_tokens", "such as {type: enabled, budget_tokens: 2048}"
        )
      ]
    }
    if budget < 1024 {
      return [
        problem("thinking", "thinking.budget_tokens must be at least 1024, not \(budget)", nil)
      ]
    }
    guard budget >= maxTokens else { return [] }
    return [
      problem(
        "thinking",
        "thinking.budget_tokens \(budget) must be less than max_tokens \(maxTokens), which counts both thoughts and answer",
        "raise max_tokens")
    ]
  }

  private static func toolProblem(in body: JSONValue, _ form: RequestForm) -> PlanProblem? {
    guard let members = form.toolMembers, let choice = body["tool_choice"] else { return nil }
    let names = (body["tools"]?.array ?? []).compactMap { tool in
      (members.holder.map { tool[$0] } ?? tool)?["name"]?.string
    }
    guard let name = ForcedTool.name(in: choice, form), !names.contains(name) else { return nil }
    return problem(
      "tool_choice", "tool_choice names the tool '\(name)', which is not among tools",
      names.isEmpty
        ? "describe it under params.tools" : "there are \(names.joined(separator: ", "))")
  }

  private static func problem(_ key: String, _ sentence: String, _ hint: String?) -> PlanProblem {
    PlanProblem(code: .parameter, key: key, sentence: sentence, hint: hint)
  }
}
