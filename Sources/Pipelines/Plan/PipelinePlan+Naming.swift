extension PipelinePlan {
  /// What helps somebody who named a stage that there is not: the name that was probably meant, and all there are.
  public func hint(forStage name: String) -> String {
    let names = stages.map(\.name)
    let listed = "the stages are \(names.joined(separator: ", "))"
    return CloseName.of(name, in: names).map { "did you mean '\($0)'? \(listed)" } ?? listed
  }
}
