import Records
import Testing

@testable import Providers

struct RequestBuilderTests {
  /// A request and what it was written from; texts are in escaped form.
  private func write(
    _ builder: RequestBuilder, system: String? = nil,
    turns: [(RequestLine.Role, String)] = [(.user, "Hello")], separatedBy key: String? = nil
  ) -> (text: String, content: String, blank: RequestLine.Role?, census: CharacterCensus) {
    var buffer = ByteBuffer()
    buffer.append("before\n")
    var line = RequestLine()
    for _ in 0..<2 {
      buffer.truncate(to: 7)
      builder.begin(&line, customID: UnsafeBufferPointer("k1"), in: &buffer)
      if let system {
        builder.beginSystem(&line, in: &buffer)
        buffer.append(text: system)
      }
      for turn in turns {
        builder.beginTurn(turn.0, &line, in: &buffer)
        buffer.append(text: turn.1)
      }
      builder.finish(&line, in: &buffer)
    }
    #expect(line.range == 7..<buffer.count)
    let text = String(decoding: buffer.bytes[line.range], as: UTF8.self)
    var content = line.content
    if var key {
      content = key.withUTF8 { line.content(separatedBy: $0) }
      #expect(line.content != content)
    }
    return (text, content.hexadecimal, line.blankRole, line.census)
  }

  @Test func aPlainRequest() {
    let builder = RequestBuilder(model: "claude-haiku-4-5", maxTokens: 512)
    #expect(
      write(builder).text
        == #"{"custom_id":"k1","params":{"model":"claude-haiku-4-5","max_tokens":512,"messages":[{"role":"user","content":"Hello"}]}}"#
    )
  }

  @Test func aFullRequest() throws {
    let schema = try JSONValue(parsing: #"{"type":"object"}"#)
    let builder = RequestBuilder(
      model: "m", maxTokens: 1, schema: schema,
      parameters: [
        .init("stop_sequences", .array([.string("\n")])),
        .init("output_config", .object(["effort": .string("low")])),
      ], cache: CacheMark(.oneHour, .system))
    let line = write(
      builder, system: #"Be \"terse\"."#,
      turns: [(.user, "A"), (.assistant, "B"), (.user, #"C\n"#)])
    #expect(
      line.text
        == #"{"custom_id":"k1","params":{"model":"m","max_tokens":1,"system":[{"type":"text","text":"Be \"terse\".","cache_control":{"type":"ephemeral","ttl":"1h"}}],"messages":[{"role":"user","content":"A"},{"role":"assistant","content":"B"},{"role":"user","content":"C\n"}],"stop_sequences":["\n"],"output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object"}}}}}"#
    )
    #expect(line.census.oneByte == 13 + 1 + 1 + 3)
    #expect(builder.fixedCensus.oneByte == 119)
    _ = try JSONValue(parsing: line.text)
  }

  /// These were computed by another program from the definition in `RequestLine.content`. A release that changes one of
  /// them asks every record of every user again.
  @Test func identitiesNeverChange() {
    let builder = RequestBuilder(model: "m", maxTokens: 1)
    #expect(write(builder).content == "d5efeea4dc97e8f6bd56aa7c4caac100")
    #expect(
      write(builder, system: "You are terse.", turns: [(.user, #"Say \"hi\"\n"#)]).content
        == "bde71a7093e568c9bc1b6d0ccffbaf9b")
    #expect(write(builder, system: "").content == "e4ea216c624f1006209c82c12dd81c9d")
    #expect(
      write(builder, turns: [(.user, "Hello"), (.assistant, "Hi"), (.user, "Again \u{2028}")])
        .content == "c7162310d76b521d5cddcd60cffe4578")
    #expect(write(builder, separatedBy: "k1").content == "0a077c4d82300adb49ae3197c99a298e")
  }

  @Test func identityIsOfTheTextsOnly() throws {
    let other = RequestBuilder(
      model: "other", maxTokens: 9, schema: .object([JSONValue.Member]()),
      parameters: [.init("a", .null)], cache: CacheMark(.fiveMinutes, .system))
    let plain = RequestBuilder(model: "m", maxTokens: 1)
    #expect(write(plain, system: "s").content == write(other, system: "s").content)
    #expect(
      write(plain, turns: [(.user, "ab")]).content
        != write(plain, system: "a", turns: [(.user, "b")]).content)
    #expect(
      write(plain, turns: [(.user, "a"), (.assistant, "b")]).content
        != write(plain, turns: [(.user, "a"), (.user, "b")]).content)
  }

  @Test(arguments: [
    ("", true), ("  ", true), (#"\n\t \r"#, true), (#" \n."#, false), (#"\\n"#, false),
    (#"\u000b"#, false),
    ("\u{00a0}", false),
  ])
  func blankTexts(_ text: String, _ isBlank: Bool) {
    let builder = RequestBuilder(model: "m", maxTokens: 1)
    #expect(write(builder, turns: [(.user, text)]).blank == (isBlank ? .user : nil))
    #expect(write(builder, system: text).blank == (isBlank ? .system : nil))
  }

  @Test func theSampleIsARequest() throws {
    let builder = RequestBuilder(model: "m", maxTokens: 1)
    let sample = try JSONValue(parsing: builder.sample(hasSystem: true))
    #expect(sample["params"]?["system"]?.string == "You are a sample.")
    #expect(try JSONValue(parsing: builder.sample(hasSystem: false))["params"]?["system"] == nil)
  }

  @Test func planIdentitiesNeverChange() throws {
    let schema = try JSONValue(parsing: #"{"type":"object","properties":{"x":{"type":"string"}}}"#)
    let parameters = [JSONValue.Member("b", .null), .init("a", .number("1.0"))]
    let plan = PlanIdentity(
      kind: "anthropic", model: "claude-haiku-4-5", schema: schema, maxTokens: 512,
      parameters: parameters)
    #expect(
      plan.text
        == #"{"kind":"anthropic","max_tokens":512,"model":"claude-haiku-4-5","parameters":{"a":1.0,"b":null},"plan":1,"schema":{"properties":{"x":{"type":"string"}},"type":"object"}}"#
    )
    #expect(plan.hash.hexadecimal == "0b867782251cf2a9d9b1e51fc4fb8256")
    let reordered = PlanIdentity(
      kind: "anthropic", model: "claude-haiku-4-5", schema: schema, maxTokens: 512,
      parameters: parameters.reversed())
    #expect(plan == reordered)
    let other = PlanIdentity(
      kind: "anthropic", model: "claude-haiku-4-5", schema: nil, maxTokens: 512)
    #expect(plan != other)
  }
}
