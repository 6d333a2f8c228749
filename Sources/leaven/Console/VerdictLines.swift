internal import Engine

/// A verdict for people.
struct VerdictLines {
  private let verdict: PlanVerdict?

  init(_ verdict: PlanVerdict?) { self.verdict = verdict }

  /// Its lines; none without a verdict.
  var lines: [String] {
    guard let verdict else { return [] }
    var lines = ["advice: \(Self.words(verdict.advice))"]
    for question in verdict.questions {
      lines.append(
        "  \(question.speaksForBatch ? "+" : "-") \(question.question) \(question.reason)")
    }
    if let usual = verdict.usualEnd, let worst = verdict.worstEnd {
      lines.append(
        "if a run began now, its batches would usually end by \(Wording.moment(usual)), "
          + "at the latest by \(Wording.moment(worst))")
    } else {
      lines.append("the file says 'mode: concurrent': nothing waits for a batch")
    }
    if let deadline = verdict.deadline {
      let age = Wording.span(deadline)
      lines.append(
        verdict.cadence.map {
          "for answers that are never older than \(age), a run at least every \(Wording.span($0))"
        } ?? "no schedule keeps answers from being older than \(age)")
    }
    return lines
  }

  private static func words(_ advice: PlanVerdict.Advice) -> String {
    switch advice {
    case .batch: "send it as batches"
    case .concurrent: "do not wait for batches: the synchronous API, many requests at one time"
    case .doNotBatch: "not worth a batch by itself: so few requests cost little either way"
    }
  }
}
