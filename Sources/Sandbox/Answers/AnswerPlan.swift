internal import Records

/// The form that a request wants its answer in.
struct AnswerPlan: Sendable {
  /// Where a body says so: a schema for the answer's text, or a tool that it forces.
  struct Wanted {
    var schema: JSONView?
    var tool: String?
    /// What the body calls the schema.
    var name = ""
    /// Whether the provider looks at the schema before it answers.
    var isChecked = true

    static var text: Wanted { Wanted() }
  }

  /// The tool whose input the answer is; nil for an answer in text.
  let tool: String?
  /// How to fill the answer; nil for free text.
  let shape: AnswerShape?
  /// Why the provider refuses the schema; nil when it accepts it.
  let problem: APIError?

  /// Compiles what is wanted.
  init(_ wanted: Wanted, _ dialect: any Dialect) {
    tool = wanted.tool
    guard let schema = wanted.schema.map({ JSONValue($0) }) else {
      shape = nil
      problem = nil
      return
    }
    shape = AnswerShape(schema)
    problem = wanted.isChecked ? dialect.problem(in: schema, wanted: wanted) : nil
  }
}
