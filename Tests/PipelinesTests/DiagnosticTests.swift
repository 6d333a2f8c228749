import Foundation
import TestSupport
import Testing

@testable import Pipelines

/// Every diagnostic has a pipeline file that leads to it, and its words are kept.
///
/// `LEAVEN_REWRITE_SNAPSHOTS=1 swift test --filter DiagnosticTests` writes them anew; that run
/// fails, so that it is never taken for a check.
@Suite struct DiagnosticTests {
  @Test(arguments: try DiagnosticFixtures.names)
  func saysWhatIsExpected(_ name: String) throws {
    let transcript = try DiagnosticFixtures.transcript(name)
    if ProcessInfo.processInfo.environment["LEAVEN_REWRITE_SNAPSHOTS"] != nil {
      let url = DiagnosticFixtures.folder.appendingPathComponent("\(name).expected")
      try transcript.write(to: url, atomically: true, encoding: .utf8)
      Issue.record("rewrote \(name).expected: look at it, and test again without rewriting")
      return
    }
    #expect(transcript == DiagnosticFixtures.expected(name))
  }

  @Test(arguments: DiagnosticCode.allCases)
  func everyCodeHasAFixture(_ code: DiagnosticCode) throws {
    // A file that cannot be read cannot be kept.
    guard code != .fileUnreadable else { return }
    let names = try DiagnosticFixtures.names.filter { $0.hasPrefix(code.rawValue) }
    #expect(
      names.contains { DiagnosticFixtures.expected($0)?.contains("[\(code.rawValue)]") ?? false })
  }

  @Test(arguments: DiagnosticCode.allCases)
  func theDesignPageListsEveryCode(_ code: DiagnosticCode) throws {
    let url = SuiteFolder.packageRoot.appendingPathComponent(
      "Sources/Pipelines/Pipelines.docc/Pipelines.md")
    let page = try String(contentsOf: url, encoding: .utf8)
    #expect(page.contains("| `\(code.rawValue)` | \(code.meaning) |"))
  }

  @Test func aFileThatCannotBeReadIsNamed() throws {
    #expect(throws: PipelineProblems.self) { try PipelineReader.read("nowhere/tickets.yaml") }
    do {
      _ = try PipelineReader.read("nowhere/tickets.yaml")
    } catch {
      #expect(
        error.description == """
          nowhere/tickets.yaml:1:1: error[file-unreadable]: there is no file 'nowhere/tickets.yaml'
            hint: give the path of a pipeline file
          """)
    }
  }

  @Test func noTwoProblemsAreTheSame() throws {
    let place = Place(line: 2, column: 3)
    let problem = Diagnostic(file: "p", at: place, code: .unknownKey, "x")
    let warning = Diagnostic(file: "p", at: .start, severity: .warning, code: .rareField, "y")
    #expect(PipelineProblems([problem, warning, problem]).diagnostics == [warning, problem])
  }
}
