import Foundation
import Records
import TestSupport
import Testing

@testable import Providers

struct RequestCheckTests {
  private func problem(
    _ prompt: String, maxTokens: Int = 100, model: String = "claude-haiku-4-5",
    requestBytes: Int = 32_000_000, bodyByteLimit: Int? = nil
  ) throws -> (problem: RequestProblem?, tokens: TokenEstimate, byteCount: Int) {
    var catalog = try Catalog.builtIn(of: .anthropic)
    catalog.limits.requestBytes = requestBytes
    let known = try #require(catalog.model(model))
    let builder = RequestBuilder(model: model, maxTokens: maxTokens)
    let check = RequestCheck(
      builder, model: known, limits: catalog.limits, bodyByteLimit: bodyByteLimit)
    var buffer = ByteBuffer()
    var line = RequestLine()
    builder.begin(&line, customID: UnsafeBufferPointer("k"), in: &buffer)
    builder.beginTurn(.user, &line, in: &buffer)
    buffer.append(text: prompt)
    builder.finish(&line, in: &buffer)
    let tokens = check.tokens(of: line)
    return (check.problem(of: line, tokens: tokens), tokens, line.range.count)
  }

  @Test func goodRequestsPass() throws {
    let found = try problem("Hello, this is text.")
    #expect(found.problem == nil)
    #expect(found.tokens == TokenEstimate(low: 5, likely: 6, high: 9))
  }

  @Test func eachLimitHasItsReason() throws {
    #expect(try problem(" ").problem == .blankText(.user))
    let long = String(repeating: "word ", count: 170_000)
    #expect(
      try problem(long).problem == .tooManyTokens(likely: 212_501, maxTokens: 100, window: 200_000))
    #expect(try problem(long, model: "claude-sonnet-4-6").problem == nil)
    let byteCount = try problem("0123456789").byteCount
    #expect(try problem("0123456789", requestBytes: byteCount).problem == nil)
    #expect(
      try problem("0123456789", requestBytes: byteCount - 1).problem
        == .tooManyBytes(byteCount: byteCount, limit: byteCount - 1))
    // `{"requests":[` and `]}` are 15 bytes.
    #expect(try problem("0123456789", bodyByteLimit: byteCount + 15).problem == nil)
    #expect(
      try problem("0123456789", bodyByteLimit: byteCount + 14).problem
        == .tooManyBytes(byteCount: byteCount, limit: byteCount - 1))
  }

  @Test func plansAreChecked() throws {
    let catalog = try Catalog.builtIn(of: .anthropic)
    func codes(
      _ model: String = "claude-haiku-4-5", _ maxTokens: Int = 512, params: [String] = [],
      version: String = "2026-10-21", betas: [String] = [], day: String = "2026-11-20"
    ) throws -> [String] {
      PlanProblem.all(
        model: model, maxTokens: maxTokens, parameters: params.map { .init($0, .null) },
        apiVersion: version, betas: betas, at: try #require(Timestamp.milliseconds(day: day)),
        in: catalog
      ).map { "\($0.code.rawValue) \($0.key)" }
    }
    #expect(try codes() == [])
    #expect(try codes("claude-haiku-4-5-20251001") == [])
    #expect(try codes("claude-haiku-45") == ["unknown-model model"])
    #expect(try codes("claude-sonnet-4-5", day: "2026-11-29") == [])
    #expect(try codes("claude-sonnet-4-5", day: "2026-11-30") == ["retired-model model"])
    #expect(try codes("claude-haiku-4-5", 64_001) == ["max-tokens max_tokens"])
    #expect(try codes("claude-sonnet-4-6", 200_000) == ["max-tokens max_tokens"])
    #expect(try codes("claude-sonnet-4-6", 200_000, betas: ["output-300k-2026-03-24"]) == [])
    #expect(
      try codes("claude-sonnet-4-6", 300_001, betas: ["output-300k-2026-03-24"])
        == ["max-tokens max_tokens"])
    #expect(try codes("claude-fable-5-2", 1_000_000) == [])
    #expect(try codes("claude-haiku-4-5", 0) == ["max-tokens max_tokens"])
    #expect(
      try codes(params: ["temperature", "stream", "model", "thinking"])
        == ["refused-parameter temperature", "refused-parameter stream", "refused-parameter model"])
    #expect(try codes(params: ["temperature"], version: "2023-06-01") == [])
    #expect(try codes(version: "2020-01-01") == ["unknown-api-version api_version"])
  }

  @Test func theEmbeddedSchemaIsTheFile() throws {
    let file = SuiteFolder.packageRoot.appendingPathComponent(
      "schemas/anthropic-request.schema.json")
    let bytes = try String(contentsOf: file, encoding: .utf8)
    #expect(String(decoding: RequestSchema.bytes, as: UTF8.self) == bytes)
    _ = try JSONValue(parsing: RequestSchema.bytes)
  }

  @Test func censusesCountCharacters() {
    let texts = [
      "", "a", "ascii only, and long enough for more than one block of thirty-two bytes",
      "é", "Ελληνικά και Кириллица together in one text that is rather long, to fill blocks",
      "顾客投诉:包裹没有到。" + String(repeating: "汉字", count: 400),
      "🙂🙃 and text 🙂" + String(repeating: "🙂", count: 70),
      String(repeating: "a顾é🙂", count: 5000),
    ]
    for var text in texts {
      let census = text.withUTF8 { CharacterCensus($0) }
      var expected = CharacterCensus()
      for scalar in text.unicodeScalars {
        switch scalar.value {
        case ..<0x80: expected.oneByte += 1
        case ..<0x800: expected.twoByte += 1
        case ..<0x10000: expected.threeByte += 1
        default: expected.fourByte += 1
        }
      }
      #expect(census == expected)
    }
  }

  @Test func newerTokenizersMakeMoreOfTheSameText() throws {
    let catalog = try Catalog.builtIn(of: .anthropic)
    var census = CharacterCensus()
    census.oneByte = 4000
    let classic = try #require(catalog.model("claude-haiku-4-5")).tokens.estimate(census)
    let newer = try #require(catalog.model("claude-haiku-5-5")).tokens.estimate(census)
    #expect(classic.likely == 1000)
    #expect(newer.likely == 1332)
    #expect(classic.low < classic.likely && classic.likely < classic.high)
    census = CharacterCensus()
    census.threeByte = 1000
    #expect(try #require(catalog.model("claude-haiku-4-5")).tokens.estimate(census).likely == 750)
  }
}
