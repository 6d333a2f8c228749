extension PipelinePlan {
  /// The same plan for a run against a sandbox: its own name and so its own state, and every merge
  /// target beside the real one (`x.sandbox.jsonl`; for SQLite a copy, `x.sandbox.db`). Sources
  /// stay the real ones.
  public func sandboxed() -> PipelinePlan {
    var plan = self
    plan.name += "@sandbox"
    plan.stages = stages.map { stage in
      var stage = stage
      stage.merge?.target.moveBeside()
      return stage
    }
    return plan
  }
}

extension MergePlan.Target {
  /// Names the sandboxed target instead of the real one.
  fileprivate mutating func moveBeside() {
    switch self {
    case .jsonl(let file): self = .jsonl(file.sandboxed)
    case .csv(let file): self = .csv(file.sandboxed)
    case .sqlite(let table):
      self = .sqlite(
        MergePlan.TableTarget(
          database: table.database.sandboxed, table: table.table, keyColumn: table.keyColumn,
          isInPlace: table.isInPlace, copyOf: table.database))
    }
  }
}
