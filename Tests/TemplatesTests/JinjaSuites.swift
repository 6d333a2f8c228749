import Records
import Templates
import TestSupport
import Testing

/// Jinja 3.1.6's own tests.
@Suite struct JinjaUpstreamSuite {
  private static let file = "jinja/jinja-upstream-3.1.6.jsonl"

  @Test(.enabled(if: SuiteFolder.has(file)))
  func everyCaseIsRightOrRefused() throws {
    let cases = try JinjaCase.read(Self.file)
    let core = SuiteScore("jinja-upstream core", cases.filter(\.isCore))
    core.report()
    let other = SuiteScore("jinja-upstream other", cases.filter { !$0.isCore })
    other.report()
    #expect(core.wrong == 0)
    #expect(other.wrong == 0)
    #expect(core.shareOfRight >= 0.97)
  }
}

/// The lines of minijinja's inputs, with what Jinja makes of each.
@Suite struct JinjaLinesSuite {
  private static let file = "jinja/jinja2-lines.jsonl"

  @Test(.enabled(if: SuiteFolder.has(file)))
  func everyCaseIsRightOrRefused() throws {
    let score = SuiteScore("jinja2-lines", try JinjaCase.read(Self.file))
    score.report()
    #expect(score.wrong == 0)
  }
}

/// minijinja's inputs, with what Jinja makes of them.
@Suite struct MiniJinjaSuite {
  private static let file = "jinja/minijinja-vm.jsonl"

  @Test(.enabled(if: SuiteFolder.has(file)))
  func everyCaseIsRightOrRefused() throws {
    let score = SuiteScore("minijinja-vm", try JinjaCase.read(Self.file))
    score.report()
    #expect(score.wrong == 0)
  }
}

/// The tests of Hugging Face's Jinja.
@Suite struct HuggingFaceSuite {
  private static let file = "jinja/hf-jinja.jsonl"

  @Test(.enabled(if: SuiteFolder.has(file)))
  func everyCaseIsRightOrRefused() throws {
    let score = SuiteScore("hf-jinja", try JinjaCase.read(Self.file))
    score.report()
    #expect(score.wrong == 0)
  }
}

/// Real prompts over datasets.
@Suite struct PromptSourceSuite {
  private static let file = "jinja/promptsource.jsonl"

  @Test(.enabled(if: SuiteFolder.has(file)))
  func everyCaseIsRight() throws {
    let score = SuiteScore("promptsource", try JinjaCase.read(Self.file))
    score.report()
    #expect(score.wrong == 0)
    #expect(score.refused == 0)
  }
}
