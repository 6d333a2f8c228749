import Records
import Schemas
import Testing

@Suite struct AnswerReaderTests {
  /// What a reader makes of a text: the value and how it was found, or the error's code.
  static func outcome(_ text: String, repair: Bool = false, schema: String? = nil) throws -> String
  {
    let compiled = try schema.map { try CompiledSchema(JSONValue(parsing: $0)) }
    let reader = AnswerReader(for: compiled, repair: repair)
    var tape = JSONTape()
    var buffer = ByteBuffer()
    return Array(text.utf8).withUnsafeBufferPointer { bytes in
      do throws(AnswerError) {
        let answer = try reader.read(bytes, into: &tape, using: &buffer)
        let marks: [(Answer.Repairs, String)] = [
          (.trailingCommas, " -comma"), (.rawControls, " -control"), (.cutEnd, " -cut"),
        ]
        let repairs = marks.filter { answer.repairs.contains($0.0) }.map(\.1).joined()
        return "\(answer.source) \(answer.value.text)\(repairs)"
      } catch {
        return error.code.rawValue
      }
    }
  }

  @Test(arguments: [
    (#" {"a":1} "#, #"whole {"a":1}"#),
    ("\u{FEFF}[1]\n", "whole [1]"),
    ("42", "whole 42"),
    ("", "empty-answer"),
    (" \n ", "empty-answer"),
    ("I cannot help with that.", "no-json"),
    ("Sure!\n```json\n{\"a\": 1}\n```\nAnything else?", #"fence {"a":1}"#),
    ("```\n[1, 2]\n```", "fence [1,2]"),
    ("```JSON\n{\"a\":1}", #"fence {"a":1}"#),
    ("```json {\"a\":1}```", #"fence {"a":1}"#),
    ("```python\nx = {}\n```\n```json\n{\"a\":1}\n```", #"fence {"a":1}"#),
    ("```python\nprint(1)\n```\nand {\"a\":1}", #"embedded {"a":1}"#),
    ("The answer: {\"a\": \"}\"} as asked {\"b\":2}", #"embedded {"a":"}"}"#),
    ("See [the notes] and {x}: {\"a\":1}", #"embedded {"a":1}"#),
    (#"Here: {"a": {"b":1},}"#, "malformed-json"),
    (#"{"a":1,}"#, "malformed-json"),
    (#"{"a":1}{"a":2}"#, #"embedded {"a":1}"#),
    ("{\"a\":\"x\ny\"}", "malformed-json"),
    (#"{"a":1"#, "malformed-json"),
  ])
  func strictly(_ text: String, _ expected: String) throws {
    #expect(try Self.outcome(text) == expected)
  }

  @Test(arguments: [
    (#"{"a":1,}"#, #"embedded {"a":1} -comma"#),
    ("Here: {\"a\": [1,2,],\n}", #"embedded {"a":[1,2]} -comma"#),
    ("{\"a\":\"x\ny\tz\"}", #"embedded {"a":"x\ny\tz"} -control"#),
    ("```json\n{\"a\":\"x\ny\",}\n```", #"fence {"a":"x\ny"} -comma -control"#),
    (#"{"a":1,"b":"half"#, #"embedded {"a":1} -cut"#),
    (#"{"a":1,"b"#, #"embedded {"a":1} -cut"#),
    (#"{"a":1,"b":"#, #"embedded {"a":1} -cut"#),
    (#"{"a":1,"b":12"#, #"embedded {"a":1} -cut"#),
    (#"{"a":1,"b":true"#, #"embedded {"a":1,"b":true} -cut"#),
    (#"{"a":1,"b":tr"#, #"embedded {"a":1} -cut"#),
    (#"{"a":1,"b":[{"c":2},{"c":"#, #"embedded {"a":1,"b":[{"c":2}]} -cut"#),
    (#"{"a":1,"b":["#, #"embedded {"a":1} -cut"#),
    (#"{"a":1,"b":"x\"#, #"embedded {"a":1} -cut"#),
    (#"{"a":1,"#, #"embedded {"a":1} -cut"#),
    (#"{"a":"#, "malformed-json"),
    ("{", "malformed-json"),
    ("{'a':1}", "malformed-json"),
    (#"{"a":1 "b":2}"#, "malformed-json"),
    (#"{"a":tru,"b":1}"#, "malformed-json"),
    (#"{"a":1,,}"#, "malformed-json"),
    (#"[1,2}"#, "malformed-json"),
    (#"{"a":,}"#, "malformed-json"),
    (#"{"a":1}"#, #"whole {"a":1}"#),
  ])
  func repairing(_ text: String, _ expected: String) throws {
    #expect(try Self.outcome(text, repair: true) == expected)
  }

  @Test(arguments: [
    (#"As [1] says: {"a":1}"#, #"{"type":"object"}"#, #"embedded {"a":1}"#),
    (#"As {"a":1} says: [1]"#, #"{"type":"array"}"#, "embedded [1]"),
    (#"So: [{"a":1}]"#, #"{"type":"object"}"#, "no-json"),
    (#"{"items":[1],}"#, #"{"type":"array"}"#, "malformed-json"),
    (
      #"As [1] says: {"a":1}"#, #"{"anyOf":[{"type":"object"},{"type":"null"}]}"#,
      #"embedded {"a":1}"#
    ),
  ])
  func knowingTheSchema(_ text: String, _ schema: String, _ expected: String) throws {
    #expect(try Self.outcome(text, schema: schema) == expected)
  }

  @Test func everyCutOfAnAnswerIsReadOrRefused() throws {
    let text = Array(#"{"a": "xü\n", "b": [1, {"c": null}, "d"], "e": -1.5e3}"#.utf8)
    let reader = AnswerReader(for: nil, repair: true)
    for length in 1..<text.count {
      var tape = JSONTape()
      var buffer = ByteBuffer()
      text[..<length].withContiguousStorageIfAvailable { bytes in
        do throws(AnswerError) {
          let answer = try reader.read(bytes, into: &tape, using: &buffer)
          #expect(answer.repairs == .cutEnd)
        } catch {
          // Nothing is complete before the end of the first value.
          #expect(length < 13)
        }
      }
    }
  }
}
