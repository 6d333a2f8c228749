import Records
import Testing

@testable import Sandbox

/// The small parts: patterns, occasions, calendar, quotes.
@Suite struct SmallPartsTests {
  @Test(
    arguments: [
      ("a", "a", true), ("a", "ab", false), ("a*", "abc", true), ("*c", "abc", true),
      ("a*c", "abbc", true),
      ("a*c", "ac", true), ("a*a", "a", false), ("*b*", "abc", true), ("*x*", "abc", false),
      ("*", "", true),
      ("a*b*c", "a1b2c", true), ("a*b*b", "a1b", false),
    ])
  func patterns(pattern: String, text: String, fits: Bool) {
    #expect(Pattern(pattern).matches(text) == fits)
  }

  @Test func occasions() throws {
    func numbers(_ json: String) throws -> [Int] {
      let occasion = try Occasion(try JSONValue(parsing: Array(json.utf8)), ScriptPlace("test"))
      return (1...9).filter(occasion.includes)
    }
    #expect(try numbers("{}") == Array(1...9))
    #expect(try numbers(#"{"nth": 3}"#) == [3])
    #expect(try numbers(#"{"nth": [2, 5]}"#) == [2, 5])
    #expect(try numbers(#"{"from": 2, "until": 8, "every": 3}"#) == [2, 5, 8])
  }

  @Test(
    arguments: [
      (Int64(0), "1970-01-01T00:00:00.000000+00:00", "Thu, 01 Jan 1970 00:00:00 GMT"),
      (784_111_777_123, "1994-11-06T08:49:37.123000+00:00", "Sun, 06 Nov 1994 08:49:37 GMT"),
      (1_709_164_800_000, "2024-02-29T00:00:00.000000+00:00", "Thu, 29 Feb 2024 00:00:00 GMT"),
      (-1, "1969-12-31T23:59:59.999000+00:00", "Wed, 31 Dec 1969 23:59:59 GMT"),
    ])
  func times(ms: Int64, rfc3339: String, http: String) {
    #expect(CalendarText.rfc3339(ms) == rfc3339)
    #expect(CalendarText.httpDate(ms) == http)
  }

  @Test(
    arguments: [
      ("plain words here", 0, 120, "plain words here"), ("", 0, 120, "an empty request"),
      ("Intro\nThe longest line of all\nx", 0, 120, "The longest line of all"),
      ("A <b>short</b> and <c>rather longer</c> text that is long", 0, 120, "rather longer"),
      ("<a><b>inner</b> outer</a>", 0, 120, "<b>inner</b> outer"), ("a <1 b", 0, 120, "a <1 b"),
      ("Donaudampfschifffahrt", 0, 7, "Donauda"), ("ÄÄÄÄ", 0, 5, "ÄÄ"),
      ("one two three", 0, 9, "one two"),
    ])
  func quotes(text: String, number: Int, limit: Int, quote: String) throws {
    let body = Array(params(text).utf8)
    var tape = JSONTape()
    var request = RequestText()
    var output = ByteBuffer()
    try body.withUnsafeBufferPointer {
      request.read(
        try tape.parse($0),
        MessagesDialect(setting: MessageSetting(place: .message, version: APIVersion.newest)))
    }
    request.appendQuote(number, limit: limit, to: &output)
    #expect(output.text == quote)
  }

  @Test func pricesAreTheProviders() {
    let haiku = Model.named("claude-haiku-4-5-20251001")
    let usage = TokenUsage(
      input: 1000, output: 100, cacheWrite5m: 1000, cacheWrite1h: 1000, cacheRead: 1000)
    // 1000 × (1 + 1.25 + 2 + 0.1) + 100 × 5 micro-dollars.
    #expect(haiku.map { usage.picodollars($0, .standard) } == 4_850_000_000)
    #expect(haiku.map { usage.picodollars($0, .batch) } == 2_425_000_000)
    let long = Model.named("claude-haiku-5-5").map {
      TokenUsage(input: 100_001, output: 0).picodollars($0, .batch)
    }
    let expected: Int64 = 100_001 * 250_000
    #expect(long == expected)
    #expect(Model.named("claude-haiku-4-5-x") == nil && Model.named("") == nil)
  }
}
