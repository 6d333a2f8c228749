import Foundation
import Records
import TestSupport
import Testing

/// JSONTestSuite: `y_` files are read, `n_` files are refused, `i_` files may go either way, none crashes.
@Suite(.enabled(if: SuiteFolder.has("json-parsing/test_parsing")))
struct JSONParsingSuite {
  @Test func readsWhatIsJSONAndNothingElse() throws {
    let folder = try #require(SuiteFolder.url("json-parsing/test_parsing"))
    let score = SuiteScore("json-parsing")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
      var tape = JSONTape()
      let isRead = bytes.withUnsafeBufferPointer { buffer in
        // Which error it is, other tests say.
        (try? tape.parse(buffer)) != nil
      }
      switch name.prefix(2) {
      case "y_" where !isRead, "n_" where isRead: score.wrong(name)
      default: score.right()
      }
    }
    score.report()
    #expect(score.wrong.isEmpty)
  }
}
