import Records
import Templates

/// Renders a template over a record written as JSON.
func rendered(
  _ template: String, _ record: String = "{}", roots: KeyValuePairs<String, String> = [:],
  escaping: Escaping = .none, in base: TemplateEnvironment = TemplateEnvironment()
) throws -> String {
  var environment = base
  environment.roots = roots.map(\.key)
  let compiled = try CompiledTemplate(template, name: "t", in: environment)
  var renderer = Renderer()
  var output = ByteBuffer()
  try withScope(record, roots.map(\.value)) { scope in
    try compiled.render(scope, using: &renderer, into: &output, escaping: escaping)
  }
  return output.text
}

/// Calls `body` with a record and roots parsed from JSON.
func withScope<Result>(
  _ record: String, _ roots: [String] = [], _ body: (TemplateScope) throws -> Result
) throws -> Result {
  var recordTape = JSONTape()
  let recordBytes = Array(record.utf8)
  // All roots are members of one object, so that one tape holds them.
  var rootTape = JSONTape()
  let rootBytes = Array("[\(roots.joined(separator: ","))]".utf8)
  return try recordBytes.withUnsafeBufferPointer { recordBuffer in
    try rootBytes.withUnsafeBufferPointer { rootBuffer in
      let values = Array(try rootTape.parse(rootBuffer).elements)
      return try body(TemplateScope(record: try recordTape.parse(recordBuffer), roots: values))
    }
  }
}

/// The error of a template that must not compile.
func compileError(
  _ template: String, in environment: TemplateEnvironment = TemplateEnvironment()
) -> TemplateError? {
  do throws(TemplateError) {
    _ = try CompiledTemplate(template, name: "t", in: environment)
    return nil
  } catch {
    return error
  }
}

/// The error of a template that must not render.
func renderError(
  _ template: String, _ record: String = "{}",
  in environment: TemplateEnvironment = TemplateEnvironment()
) throws -> RenderError? {
  do {
    _ = try rendered(template, record, in: environment)
    return nil
  } catch let error as RenderError {
    return error
  }
}
