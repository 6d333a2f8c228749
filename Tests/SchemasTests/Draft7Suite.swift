import Schemas
import TestSupport
import Testing

/// The suite's tests for draft 7.
@Suite struct Draft7Suite {
  static let folder = "draft7"

  @Test(.enabled(if: SuiteFolder.has("json-schema/tests/draft7")))
  func required() throws {
    let suite = try SchemaSuite(Self.folder, draft: .draft7)
    let score = try suite.run(suite.files())
    score.report(Self.folder)
    #expect(score.wrong.isEmpty)
    #expect(score.right > 0)
  }

  @Test(.enabled(if: SuiteFolder.has("json-schema/tests/draft7/optional")))
  func optional() throws {
    let score = try SchemaSuite(Self.folder, draft: .draft7).runOptional()
    score.report("\(Self.folder)-optional")
    #expect(score.wrong.isEmpty)
  }

  @Test(.enabled(if: SuiteFolder.has("json-schema/tests/draft7/optional/format")))
  func formats() throws {
    let suite = try SchemaSuite(Self.folder, draft: .draft7)
    let score = try suite.run(suite.files(under: "/optional/format"), formats: .assertion)
    score.report("\(Self.folder)-format")
    #expect(score.wrong.isEmpty)
  }
}
