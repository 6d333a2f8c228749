internal import Engine
internal import Pipelines

/// Stages that flags name.
extension PipelinePlan {
  /// The stage of a name.
  ///
  /// - Throws: `Failing` with status 64 when there is none.
  func named(_ name: String) throws(Failing) -> StagePlan {
    guard let stage = stage(name) else {
      throw Failing("there is no stage '\(name)'", hint: hint(forStage: name), status: .usage)
    }
    return stage
  }

  /// The stage of a name, for work that not all stages are fit for.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - stages: Those that are fit.
  ///   - lack: Why others are not: `has no merge`.
  /// - Returns: The stage.
  /// - Throws: `Failing` with status 64 when it is none of them.
  func named(
    _ name: String, among stages: [StagePlan], butFor lack: String
  ) throws(Failing) -> StagePlan {
    let stage = try named(name)
    guard stages.contains(where: { $0.name == name }) else {
      let others = stages.map(\.name).joined(separator: ", ")
      throw Failing(
        "the stage '\(name)' \(lack)",
        hint: stages.isEmpty ? "no stage of this pipeline does" : "name one of these: \(others)",
        status: .usage)
    }
    return stage
  }
}
