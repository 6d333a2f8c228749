internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

extension StageRun {
  /// Writes the stage's output, if it or anything behind it changed since it was last written.
  func merge() async throws {
    guard let merge = stage.merge else { return }
    let record = try ledger.stage(named: stage.name)
    let target = merge.target.file.path
    let stamp = try mergeStamp(merge, version: record?.version ?? 0)
    if record?.mergedStamp == stamp, folder.has(target) { return }
    let outcome = try await StageMerge(self, merge).write()
    try recordMerge(merge)
    settings.report(.merged(stage: stage.name, outcome))
    if let words = outcome.wordsOnChanges(since: stage.since) {
      settings.report(.warning(stage: stage.name, words))
    }
  }

  /// Remembers that the output is written from all there is.
  func recordMerge(_ merge: MergePlan) throws {
    let version = try ledger.stage(named: stage.name)?.version ?? 0
    try ledger.recordMerge(
      ofStage: number, stamp: try mergeStamp(merge, version: version), at: clock.milliseconds)
  }

  /// What the output is of: the items and answers, the source, and how they are put together.
  private func mergeStamp(_ merge: MergePlan, version: Int64) throws -> String {
    let others = try merge.combined.map { try sourceStamp(of: .stage($0)) }.joined(
      separator: " and ")
    return
      "version \(version) | \(try sourceStamp())\(others.isEmpty ? "" : " and " + others) | \(stage.mergeHash.hexadecimal) | \(merge.target.file.path)"
  }
}
