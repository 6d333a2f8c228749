internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Schemas

extension StageRun {
  /// Judges stored answers again where that may come out otherwise than before, at no cost: those that were not what the
  /// schema asked, when they are read or checked in another way now; and, if the pipeline says so, the accepted ones under
  /// a new schema.
  ///
  /// - Throws: `RunError`, `LedgerError`.
  func judgeAgain() throws {
    guard let judging = judgingMark, let record = try ledger.stage(named: stage.name) else {
      return
    }
    guard record.judging != judging else { return }
    // Before the first answer there is nothing to judge; the next reading stores how the first ones are.
    guard try ledger.hasAnswers(ofStage: number) else { return }
    let judge = try StoredAnswerJudge(self)
    let accepted = try judgeFailed(judge)
    let held = try revalidate(judge)
    if accepted + held > 0 {
      settings.report(.judgedAgain(stage: stage.name, accepted: accepted, revalidated: held))
    }
    try ledger.recordJudging(ofStage: number, judging)
  }

  /// What decides how an answer is judged: while it stays the same, stored answers are. Nil where
  /// nobody is asked.
  var judgingMark: String? {
    guard way != nil else { return nil }
    let schema = stage.load.schema
    return JSONValue.object([
      "plan": .string(stage.identity.hash.hexadecimal),
      "repair": .bool(stage.load.repairs),
      "formats": .bool(schema?.formats == .assertion),
      "schema": .string(stage.load.reuse.schema.rawValue),
      "parameters": .string(stage.load.reuse.parameters.rawValue),
      "model": .string(stage.load.reuse.model.rawValue),
      "template": .string(stage.load.reuse.template.rawValue),
    ]).compact
  }

  /// Accepts what was answered, but not well enough before.
  private func judgeFailed(_ judge: StoredAnswerJudge) throws -> Int {
    let plan = try planID()
    var good: [RunLedger.JudgedAttempt] = []
    for failed in try ledger.invalidAnswers(ofStage: number, plan: plan) {
      guard let words = judge.verdict(on: failed.place) else { continue }
      good.append(RunLedger.JudgedAttempt(attempt: failed.attempt, detail: words.detail))
    }
    return try ledger.acceptAgain(good)
  }

  /// Takes answers under earlier schemas for answers under this one, if they are what it asks.
  private func revalidate(_ judge: StoredAnswerJudge) throws -> Int {
    let policy = stage.load.reuse.ledgerPolicy
    guard policy.revalidated.contains(.schema) else { return 0 }
    let plan = try planID()
    let earlier = try ledger.plansChanged(from: plan) { causes in
      causes.contains(.schema)
        && causes.isSubset(of: policy.kept.union(policy.revalidated))
    }
    var good: [Int64] = []
    for other in earlier {
      try ledger.forEachAnswer(ofStage: number, under: other, lackedBy: plan) {
        if judge.verdict(on: $0.place) != nil { good.append($0.attempt) }
      }
      for failed in try ledger.invalidAnswers(ofStage: number, plan: other)
      where judge.verdict(on: failed.place) != nil { good.append(failed.attempt) }
    }
    return try ledger.adopt(good, under: plan)
  }
}
