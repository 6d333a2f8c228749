internal import Records

/// Records, answers and result rows like those of the reference jobs, one text each, the same in every run.
struct BenchData {
  /// Lines of a JSONL source.
  let chunks: [[UInt8]]
  /// Model answers.
  let answers: [[UInt8]]
  /// Lines of a results file, each with an answer in it.
  let results: [[UInt8]]

  /// The bytes of each kind.
  var chunkBytes: Int { chunks.reduce(0) { $0 + $1.count } }
  var answerBytes: Int { answers.reduce(0) { $0 + $1.count } }
  var resultBytes: Int { results.reduce(0) { $0 + $1.count } }

  init(records: Int) {
    let words = [
      "storage", "replica", "the", "naïve", "“log”", "is\n", "written", "before", "a", "\"page\"",
    ]
    let texts = (0..<97).map { seed in
      (0..<140).map { words[($0 * 7 + seed * 3) % words.count] }.joined(separator: " ")
    }
    chunks = (0..<records).map { number in
      Self.line([
        "chunk_id": .string("doc-\(number / 20):\(number % 20)"),
        "title": .string("Title \(number / 20)"), "text": .string(texts[number % texts.count]),
      ])
    }
    answers = (0..<records).map { number in
      Self.line([
        "summary": .string("Passage \(number) explains “things”.\nIt goes on for a while."),
        "questions": .array([.string("What does passage \(number) explain?"), .string("Why?")]),
        "topic": .string("storage"), "confidence": .number("0.\(number % 100)"),
      ])
    }
    results = answers.enumerated().map { number, answer in
      Self.line([
        "custom_id": .string("doc-\(number)"),
        "result": .object([
          "type": .string("succeeded"),
          "message": .object([
            "content": .array([
              .object([
                "type": .string("text"), "text": .string(String(decoding: answer, as: UTF8.self)),
              ])
            ]),
            "stop_reason": .string("end_turn"),
            "usage": .object(["input_tokens": .number(300), "output_tokens": .number(90)]),
          ]),
        ]),
      ])
    }
  }

  private static func line(_ members: KeyValuePairs<String, JSONValue>) -> [UInt8] {
    Array(JSONValue.object(members).compact.utf8)
  }
}
