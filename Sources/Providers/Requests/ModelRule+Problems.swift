internal import Records

extension Catalog.ModelRule {
  /// The parameters that a model of this rule does not take.
  func problems(in parameters: [JSONValue.Member], of model: String) -> [PlanProblem] {
    let body = JSONValue.object(parameters)
    let said = body["reasoning_effort"]?.string ?? body["reasoning"]?["effort"]?.string
    let effort = said ?? usualEffort
    if let takenWithEffort, effort == takenWithEffort { return [] }
    return parameters.filter { self.parameters.contains($0.key) && !isTaken($0) }.map {
      PlanProblem(
        code: .parameter, key: $0.key,
        sentence: takenWithEffort == nil
          ? "\(model) does not take \($0.key)"
          : "\(model) does not take \($0.key) while it reasons",
        hint: takenWithEffort.map { "remove it from params, or set the reasoning effort to \($0)" }
          ?? "remove it from params, or choose an older model")
    }
  }

  /// Whether a member has the value that the model has by itself.
  private func isTaken(_ parameter: JSONValue.Member) -> Bool {
    guard let value = taken[parameter.key], let number = parameter.value.double else {
      return false
    }
    return number == Double(value)
  }
}
