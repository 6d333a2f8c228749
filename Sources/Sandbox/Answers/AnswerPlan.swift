internal import Records

/// The form that a request wants its answer in.
struct AnswerPlan: Sendable {
  /// Where the request says so: an output format, or a tool that it forces.
  struct Wanted {
    let schema: JSONView?
    let tool: String?

    init(_ params: JSONView) {
      if let schema = OutputFormat.schema(in: params), schema.kind == .object {
        self.schema = schema
        tool = nil
        return
      }
      guard let choice = params["tool_choice"], choice["type"]?.text == "tool",
        let name = choice["name"]?.text, let tools = params["tools"],
        let found = tools.elements.first(where: { $0["name"]?.text == name })
      else {
        schema = nil
        tool = nil
        return
      }
      schema = found["input_schema"]
      tool = name
    }
  }

  /// The tool whose input the answer is; nil for an answer in text.
  let tool: String?
  /// How to fill the answer; nil for free text.
  let shape: AnswerShape?
  /// Why the provider refuses the schema; nil when it accepts it.
  let problem: String?

  /// Compiles what is wanted.
  init(_ wanted: Wanted) {
    tool = wanted.tool
    guard let schema = wanted.schema.map({ JSONValue($0) }) else {
      shape = nil
      problem = nil
      return
    }
    shape = AnswerShape(schema)
    problem = wanted.tool == nil ? OutputFormat.problem(inSchema: schema) : nil
  }
}
