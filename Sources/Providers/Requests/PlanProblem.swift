public import Records

/// Why a stage's way of asking cannot work, whatever the record.
public struct PlanProblem: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Code: String, Hashable, Sendable {
    case unknownModel = "unknown-model"
    case retiredModel = "retired-model"
    case maxTokens = "max-tokens"
    case parameter = "refused-parameter"
    case apiVersion = "unknown-api-version"
  }

  /// What is wrong.
  public let code: Code
  /// The member of the request's body that it is about.
  public let key: String
  /// What is wrong, in words.
  public let sentence: String
  /// What to do.
  public let hint: String?

  /// Looks for all that is wrong with a way of asking.
  ///
  /// - Parameters:
  ///   - model: The model's id.
  ///   - maxTokens: The largest answer in tokens.
  ///   - parameters: Further members of the body, as the user wrote them.
  ///   - apiVersion: The version sent.
  ///   - betas: The beta headers sent.
  ///   - time: Now, in UTC milliseconds: some models have retired.
  ///   - catalog: What is known.
  ///   - form: The form of the requests.
  /// - Returns: All problems; empty when there are none. A model that the catalogue does not know is a problem
  ///   that a pipeline with `price:` may pass over.
  public static func all(
    model: String, maxTokens: Int, parameters: [JSONValue.Member], apiVersion: String,
    betas: [String], at time: Int64, in catalog: Catalog, form: RequestForm = .messages
  ) -> [PlanProblem] {
    var problems: [PlanProblem] = []
    if let known = catalog.model(model) {
      if known.isRetired(at: time) { problems.append(retired(known)) }
      if let problem = tooManyTokens(maxTokens, known, betas, catalog) { problems.append(problem) }
    } else if catalog.listsModels {
      problems.append(unknown(model, catalog))
    }
    if maxTokens < 1 {
      problems.append(
        PlanProblem(
          code: .maxTokens, key: "max_tokens", sentence: "max_tokens must be at least 1", hint: nil)
      )
    }
    if !catalog.apiVersions.isEmpty, !catalog.apiVersions.contains(apiVersion) {
      let known = catalog.apiVersions.joined(separator: " and ")
      problems.append(
        PlanProblem(
          code: .apiVersion, key: "api_version",
          sentence: "the API version \(apiVersion) is not known", hint: "known are \(known)"))
    }
    problems += parameters.compactMap { formatProblem($0, form) }
    let byModel =
      catalog.model(model).map { known in
        catalog.modelRules.filter { $0.models.contains(known.id) }
          .flatMap { $0.problems(in: parameters, of: known.id) }
      } ?? []
    let told = Set(byModel.map(\.key))
    problems += byModel
    problems += parameters.filter { !told.contains($0.key) }
      .compactMap { refused($0.key, form, apiVersion, catalog) }
    return problems + ParameterRules.problems(in: parameters, maxTokens: maxTokens, form)
  }

  /// A parameter that would set what the stage's schema sets.
  private static func formatProblem(
    _ parameter: JSONValue.Member, _ form: RequestForm
  ) -> PlanProblem? {
    if form.settings.contains(parameter.key), let outer = form.formatMember?.outer {
      return PlanProblem(
        code: .parameter, key: parameter.key, sentence: "\(parameter.key) stands in \(outer)",
        hint: "write it as \(outer): {\(parameter.key): …}")
    }
    guard let outer = form.formatMember?.outer, parameter.key == outer,
      let inner = form.formatMembers.first(where: { parameter.value[$0] != nil })
    else { return nil }
    return PlanProblem(
      code: .parameter, key: outer, sentence: "\(outer).\(inner) is set by the stage itself",
      hint: "remove it from params: max_tokens and schema say it")
  }

  private static func unknown(_ model: String, _ catalog: Catalog) -> PlanProblem {
    let near = catalog.modelName(near: model).map { "did you mean \($0)?" }
    return PlanProblem(
      code: .unknownModel, key: "model",
      sentence: "the model \(model) is not in the catalogue of \(catalog.dated)",
      hint: near ?? "a newer catalogue can be given with --catalog")
  }

  private static func retired(_ model: CatalogModel) -> PlanProblem {
    PlanProblem(
      code: .retiredModel, key: "model", sentence: "the model \(model.id) has retired",
      hint: "choose a newer one")
  }

  private static func tooManyTokens(
    _ maxTokens: Int, _ model: CatalogModel, _ betas: [String], _ catalog: Catalog
  ) -> PlanProblem? {
    guard var limit = model.maxOutput, maxTokens > limit else { return nil }
    let beta = catalog.betas.first { $0.models.contains(model.id) }
    if let beta, betas.contains(beta.name) { limit = max(limit, beta.maxOutput) }
    guard maxTokens > limit else { return nil }
    let hint = beta.flatMap {
      $0.maxOutput >= maxTokens ? "the beta \($0.name) allows \($0.maxOutput)" : nil
    }
    return PlanProblem(
      code: .maxTokens, key: "max_tokens",
      sentence: "\(model.id) answers with at most \(limit) tokens, max_tokens is \(maxTokens)",
      hint: hint)
  }

  private static func refused(
    _ name: String, _ form: RequestForm, _ apiVersion: String, _ catalog: Catalog
  ) -> PlanProblem? {
    if form.ownMembers.contains(name) {
      return PlanProblem(
        code: .parameter, key: name, sentence: "\(name) is set by the stage itself",
        hint: "remove it from params")
    }
    if catalog.refusedParameters.contains(name) {
      return PlanProblem(
        code: .parameter, key: name, sentence: "a batch does not take \(name)",
        hint: "remove it from params")
    }
    guard catalog.refusedParametersByVersion[apiVersion]?.contains(name) == true else { return nil }
    return PlanProblem(
      code: .parameter, key: name, sentence: "the API version \(apiVersion) does not take \(name)",
      hint: "remove it from params, or set an older api_version")
  }
}
