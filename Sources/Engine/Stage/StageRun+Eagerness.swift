internal import Ledger
internal import Pipelines
internal import Providers

extension StageRun {
  private static let mark = " | above: "

  /// Reads what the stage above is done with, if it is worth a batch.
  ///
  /// A reading leaves the records out that the stage above is not done with, like skipped ones. So nothing is read early that
  /// a person may have to decide about: while the way of asking changed, the stage waits for all records, to count them.
  func readEarly(_ rest: inout Rest) async throws -> Reask {
    guard let name = stage.source.upstream, let above = try ledger.stage(named: name),
      above.readingStamp != nil
    else { return .none }
    let record = try ledger.stage(named: stage.name)
    if let before = record?.templateHash {
      guard before == stage.transformHash, record?.plan == (try planID()) else { return .none }
    }
    let answered = try ledger.counts(ofStage: above.id).accepted
    let ready = answered - Self.answered(in: record?.readingStamp)
    guard ready > 0 else { return .none }
    if let eagerness = way == nil ? nil : stage.load.eagerness, ready < eagerness.minShard {
      let since = try readySince(ready, above: name) ?? clock.milliseconds
      let due = since + eagerness.linger
      guard due <= clock.milliseconds else {
        rest.wake(at: due)
        return .none
      }
    }
    return try await read()
  }

  /// When the oldest of the last answers of a stage came; of one that asks nobody, when what it reads came.
  private func readySince(_ count: Int, above name: String) throws -> Int64? {
    guard let above = plan.stage(name), let record = try ledger.stage(named: name) else {
      return nil
    }
    if above.calculation != nil, let next = above.source.upstream {
      return try readySince(count, above: next)
    }
    return try ledger.time(ofLast: count, inStage: record.id)
  }

  /// What a reading's stamp says of how many answers of the stage above there were; nothing for a source.
  func answeredMark() throws -> String {
    guard let name = stage.source.upstream, let above = try ledger.stage(named: name) else {
      return ""
    }
    return "\(Self.mark)\(try ledger.counts(ofStage: above.id).accepted)"
  }

  private static func answered(in stamp: String?) -> Int {
    stamp?.split(separator: mark).last.flatMap { Int($0) } ?? 0
  }
}

extension PipelinePlan {
  /// Whether a stage may begin with what the stage above is done with: not when it, or one on the way, needs all records.
  func mayBeginEarly(_ stage: StagePlan, settled: Set<String>) -> Bool {
    guard let name = stage.source.upstream, let above = self.stage(name) else { return false }
    if case .group? = stage.reshaping { return false }
    if let joined = stage.join?.stage, !settled.contains(joined) { return false }
    return above.upstreams.allSatisfy(settled.contains) || mayBeginEarly(above, settled: settled)
  }
}
