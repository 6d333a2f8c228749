import Foundation
import Records
import TestSupport
import Testing

@testable import Providers

struct RequestFormTests {
  private func line(_ form: RequestForm, schema: String? = nil, system: Bool = true) throws
    -> String
  {
    let builder = RequestBuilder(
      form: form, model: "gpt-5.4", maxTokens: 64,
      schema: try schema.map { try JSONValue(parsing: $0) })
    return String(decoding: builder.sample(hasSystem: system), as: UTF8.self)
  }

  @Test func chatCompletions() throws {
    #expect(
      try line(.chat)
        == #"{"custom_id":"sample","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-5.4","max_completion_tokens":64,"messages":[{"role":"system","content":"You are a sample."},{"role":"user","content":"This is a sample."}]}}"#
    )
    #expect(
      try line(.chat, schema: #"{"type":"object"}"#, system: false)
        == #"{"custom_id":"sample","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-5.4","max_completion_tokens":64,"messages":[{"role":"user","content":"This is a sample."}],"response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":{"type":"object"}}}}}"#
    )
  }

  @Test func completionsOfOtherServers() throws {
    #expect(ProviderKind.openAICompatible.usualForm == .completions)
    #expect(
      try line(.completions, system: false)
        == #"{"custom_id":"sample","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-5.4","max_tokens":64,"messages":[{"role":"user","content":"This is a sample."}]}}"#
    )
  }

  @Test func anUnknownModelMayAnswerLonger() throws {
    let catalog = try Catalog.builtIn(of: .openAICompatible)
    let model = CatalogModel(unlisted: "llama3.2", in: catalog)
    let builder = RequestBuilder(form: .completions, model: model.id, maxTokens: 64)
    let check = RequestCheck(builder, model: model, limits: catalog.limits)
    var tape = JSONTape()
    try builder.sample(hasSystem: true).withUnsafeBufferPointer { line in
      var longer = ByteBuffer()
      _ = RequestRevision(check).append(line, changing: .moreTokens, to: &longer)
      let use = check.use(of: try tape.parse(longer.bytes))
      #expect(use.maxTokens == 128)
    }
  }

  @Test func responses() throws {
    #expect(
      try line(.responses, schema: #"{"type":"object"}"#)
        == #"{"custom_id":"sample","method":"POST","url":"/v1/responses","body":{"model":"gpt-5.4","max_output_tokens":64,"input":[{"role":"system","content":"You are a sample."},{"role":"user","content":"This is a sample."}],"text":{"format":{"type":"json_schema","name":"answer","strict":true,"schema":{"type":"object"}}}}}"#
    )
  }

  @Test func generateContent() throws {
    #expect(
      try line(.generate)
        == #"{"key":"sample","request":{"model":"models/gpt-5.4","systemInstruction":{"parts":[{"text":"You are a sample."}]},"contents":[{"role":"user","parts":[{"text":"This is a sample."}]}],"generationConfig":{"maxOutputTokens":64}}}"#
    )
    #expect(
      try line(.generate, schema: #"{"type":"object"}"#, system: false)
        == #"{"key":"sample","request":{"model":"models/gpt-5.4","contents":[{"role":"user","parts":[{"text":"This is a sample."}]}],"generationConfig":{"maxOutputTokens":64,"responseMimeType":"application/json","responseJsonSchema":{"type":"object"}}}}"#
    )
  }

  @Test func generationSettingsStandBesideTheLimit() throws {
    let config = try JSONValue(
      parsing: #"{"temperature":0.2,"thinkingConfig":{"thinkingBudget":0}}"#)
    let safety = try JSONValue(parsing: #"[{"category":"C","threshold":"BLOCK_NONE"}]"#)
    let builder = RequestBuilder(
      form: .generate, model: "gemini-2.5-flash", maxTokens: 64,
      parameters: [.init("generationConfig", config), .init("safetySettings", safety)])
    let sample = try JSONValue(parsing: builder.sample(hasSystem: false))
    #expect(
      sample["request"]?["generationConfig"]?.compact
        == #"{"maxOutputTokens":64,"temperature":0.2,"thinkingConfig":{"thinkingBudget":0}}"#)
    #expect(sample["request"]?["safetySettings"] == safety)
  }

  @Test(arguments: [
    (#"{"temperature":0}"#, "write it as generationConfig: {temperature: …}"),
    (
      #"{"generationConfig":{"maxOutputTokens":3}}"#,
      "remove it from params: max_tokens and schema say it"
    ),
    (#"{"generation_config":{}}"#, "remove it from params"),
    (#"{"generationConfig":{"topK":3},"labels":{"a":"b"}}"#, nil),
  ])
  func whatAGenerationMayNotBeGiven(_ parameters: String, _ hint: String?) throws {
    let members = try #require(try JSONValue(parsing: parameters).members)
    let problems = PlanProblem.all(
      model: "gemini-2.5-flash", maxTokens: 10, parameters: members, apiVersion: "v1", betas: [],
      at: 0, in: try Catalog.builtIn(of: .gemini), form: .generate)
    #expect(problems.map(\.hint) == (hint.map { [$0] } ?? []))
  }

  @Test(arguments: RequestForm.allCases)
  func theSystemTextOfALineIsFound(_ form: RequestForm) throws {
    let builder = RequestBuilder(form: form, model: "m", maxTokens: 64)
    var tape = JSONTape()
    for hasSystem in [true, false] {
      try builder.sample(hasSystem: hasSystem).withUnsafeBufferPointer { line in
        let system = try tape.parse(line).requestSystem?.text
        #expect(system == (hasSystem ? "You are a sample." : nil))
      }
    }
  }

  @Test(arguments: RequestForm.allCases)
  func aLineIsReadBackAndCorrected(_ form: RequestForm) throws {
    let catalog = try Catalog.builtIn(of: form == .messages ? .anthropic : .openAI)
    let model = try #require(catalog.models.first { $0.maxOutput != nil && !$0.prices.isEmpty })
    let builder = RequestBuilder(form: form, model: model.id, maxTokens: 64)
    let check = RequestCheck(builder, model: model, limits: catalog.limits)
    let bytes = builder.sample(hasSystem: true)
    var tape = JSONTape()
    try bytes.withUnsafeBufferPointer { line in
      let use = check.use(of: try tape.parse(line))
      #expect(use.maxTokens == 64 && use.input.likely > 5)
      var longer = ByteBuffer()
      _ = RequestRevision(check).append(line, changing: .moreTokens, to: &longer)
      #expect(check.use(of: try tape.parse(longer.bytes)).maxTokens == 128)
      var corrected = ByteBuffer()
      var answer = "no"
      answer.withUTF8 {
        _ = RequestRevision(check).append(
          line, changing: .correction(of: $0, because: "of x"), to: &corrected)
      }
      let body = RequestBody(try tape.parse(corrected.bytes))
      let answerer = form == .generate ? "model" : "assistant"
      #expect(body.turns?.elements.suffix(2).map { $0["role"]?.text } == [answerer, "user"])
      #expect(body.form == form)
    }
  }

  @Test func theEmbeddedSchemaIsTheFile() throws {
    for (name, bytes) in [("openai", RequestSchema.openAI), ("gemini", RequestSchema.gemini)] {
      let file = SuiteFolder.packageRoot.appendingPathComponent(
        "schemas/\(name)-request.schema.json")
      #expect(
        String(decoding: bytes, as: UTF8.self) == (try String(contentsOf: file, encoding: .utf8)))
    }
  }

  private func lower(_ schema: String) throws -> LoweringReport {
    SchemaLowering(try Catalog.builtIn(of: .openAI).answerSchema).lower(
      try JSONValue(parsing: schema))
  }

  @Test func strictSchemasRequireEverything() throws {
    let report = try lower(
      #"{"type":"object","properties":{"a":{"type":"string","pattern":"^x","default":"x"},"b":{"type":"integer","minimum":1},"c":{"const":"k"}},"required":["a"]}"#
    )
    #expect(report.problems.isEmpty && !report.addedNulls.isEmpty)
    #expect(
      report.schema.compact
        == #"{"type":"object","properties":{"a":{"type":"string","pattern":"^x","description":"Constraints: default x."},"b":{"type":["integer","null"],"minimum":1},"c":{"anyOf":[{"enum":["k"]},{"type":"null"}]}},"required":["a","b","c"],"additionalProperties":false}"#
    )
  }

  @Test func strictSchemasAreObjectsOfBoundedSize() throws {
    #expect(
      try lower(#"{"type":"array","items":{"type":"string"}}"#).problems.map(\.code) == [.noObject])
    var deep = #"{"type":"string"}"#
    for _ in 0..<11 { deep = #"{"type":"object","properties":{"a":\#(deep)},"required":["a"]}"# }
    #expect(try lower(deep).problems.map(\.code) == [.tooDeep])
    let values = (0..<1001).map { "\($0)" }.joined(separator: ",")
    #expect(
      try lower(#"{"type":"object","properties":{"a":{"enum":[\#(values)]}},"required":["a"]}"#)
        .problems.map(\.code) == [.tooLarge])
  }
}
