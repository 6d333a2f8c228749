internal import Providers
internal import Records
internal import Schemas
internal import Templates

/// The loops between a source and a shard, and between a result and an answer.
enum HotPaths {
  /// Parses records.
  static func parse(_ data: BenchData) throws {
    var tape = JSONTape()
    var members = 0
    for line in data.chunks {
      try line.withUnsafeBufferPointer { members += try tape.parse($0).count }
    }
    precondition(members == data.chunks.count * 3)
  }

  /// Parses records and renders a prompt from each.
  static func render(_ data: BenchData) throws {
    let template = try CompiledTemplate(
      "You enrich chunks.\nTitle: {{ title }}\n<chunk>\n{{ text }}\n</chunk>", name: "prompt",
      in: TemplateEnvironment())
    var tape = JSONTape()
    var renderer = Renderer()
    var output = ByteBuffer(capacity: 1 << 16)
    for line in data.chunks {
      output.removeAll()
      try line.withUnsafeBufferPointer { bytes in
        let scope = TemplateScope(record: try tape.parse(bytes))
        try template.render(scope, using: &renderer, into: &output, escaping: .json)
      }
    }
  }

  /// Parses answers and holds them against a schema.
  static func validate(_ data: BenchData) throws {
    let schema = try CompiledSchema(JSONValue(parsing: Self.answerSchema))
    var tape = JSONTape()
    var scratch = SchemaScratch()
    var valid = 0
    for answer in data.answers {
      try answer.withUnsafeBufferPointer { bytes in
        if schema.isValid(try tape.parse(bytes), using: &scratch) { valid += 1 }
      }
    }
    precondition(valid == data.answers.count)
  }

  /// Reads result rows down to the answer's text.
  static func readResults(_ data: BenchData) throws {
    var tape = JSONTape()
    var text = ByteBuffer()
    for line in data.results {
      text.removeAll()
      line.withUnsafeBufferPointer { bytes in
        if case .succeeded(let message) = ResultRow(bytes, using: &tape).outcome {
          message.appendText(to: &text)
        }
      }
      precondition(text.count > 0)
    }
  }

  private static let answerSchema = """
    {"type": "object", "additionalProperties": false, "required": ["summary", "questions", "topic"],
     "properties": {"summary": {"type": "string", "minLength": 1, "maxLength": 2000},
       "questions": {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1, "maxItems": 5},
       "topic": {"enum": ["storage", "network", "query planning", "replication", "boilerplate"]},
       "confidence": {"type": "number", "minimum": 0, "maximum": 1}}}
    """
}
