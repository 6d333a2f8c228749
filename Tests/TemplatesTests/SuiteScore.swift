import Foundation
import Testing

/// Counts the outcomes of a suite's cases.
struct SuiteScore {
  let name: String
  private(set) var right = 0
  private(set) var refused = 0
  private(set) var wrong = 0

  init(_ name: String) { self.name = name }

  /// Runs cases and counts.
  init(_ name: String, _ cases: [JinjaCase]) {
    self.init(name)
    for testCase in cases { count(testCase.run(), of: testCase) }
  }

  private mutating func count(_ outcome: JinjaCase.Outcome, of testCase: JinjaCase) {
    switch outcome {
    case .right: right += 1
    case .refused(let reason):
      refused += 1
      note("  refused \(testCase.id): \(reason)")
    case .wrong(let reason):
      wrong += 1
      note("  WRONG \(testCase.id): \(reason)\n        \(testCase.template.debugDescription)")
    }
  }

  /// Says the score, and the reasons where the environment asks for them.
  func report() {
    FileHandle.standardError.write(
      Data("score \(name): right \(right), refused \(refused), wrong \(wrong)\n".utf8))
  }

  private func note(_ line: String) {
    guard ProcessInfo.processInfo.environment["LEAVEN_JINJA_DETAILS"] != nil else { return }
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  /// The share of right cases.
  var shareOfRight: Double { Double(right) / Double(max(right + refused + wrong, 1)) }
}
