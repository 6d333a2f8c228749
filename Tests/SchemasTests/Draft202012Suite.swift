import Schemas
import TestSupport
import Testing

/// The suite's tests for draft 2020-12.
@Suite struct Draft202012Suite {
  static let folder = "draft2020-12"

  @Test(.enabled(if: SuiteFolder.has("json-schema/tests/draft2020-12")))
  func required() throws {
    let suite = try SchemaSuite(Self.folder, draft: .draft202012)
    let score = try suite.run(suite.files())
    score.report(Self.folder)
    #expect(score.wrong.isEmpty)
    #expect(score.right > 0)
  }

  @Test(.enabled(if: SuiteFolder.has("json-schema/tests/draft2020-12/optional")))
  func optional() throws {
    let score = try SchemaSuite(Self.folder, draft: .draft202012).runOptional()
    score.report("\(Self.folder)-optional")
    #expect(score.wrong.isEmpty)
  }

  @Test(.enabled(if: SuiteFolder.has("json-schema/tests/draft2020-12/optional/format")))
  func formats() throws {
    let suite = try SchemaSuite(Self.folder, draft: .draft202012)
    let score = try suite.run(suite.files(under: "/optional/format"), formats: .assertion)
    score.report("\(Self.folder)-format")
    #expect(score.wrong.isEmpty)
  }
}
