import Foundation
import Testing

/// Random templates, with what Jinja2 made of them.
///
/// `scripts/fuzz-templates.py` writes the cases; LEAVEN_JINJA_FUZZ names their file.
@Suite struct JinjaFuzzSuite {
  private static let file: URL? = {
    if let path = ProcessInfo.processInfo.environment["LEAVEN_JINJA_FUZZ"] {
      return URL(fileURLWithPath: path)
    }
    FileHandle.standardError.write(Data("SKIPPED: LEAVEN_JINJA_FUZZ names no file\n".utf8))
    return nil
  }()

  @Test(.enabled(if: file != nil))
  func nothingDiffersFromJinja() throws {
    let cases = try JinjaCase.read(try #require(Self.file))
    let score = SuiteScore("jinja-fuzz", cases)
    score.report()
    #expect(score.wrong == 0)
  }
}
