public import Records

/// An expression of the template language, read and checked once: what `where`, `set` and `each` hold.
public struct CompiledExpression: Sendable {
  /// The expression's name, as it stands in errors.
  public let name: String
  /// What the expression reads.
  public let reads: FieldReads
  let expression: Expression
  let program: Program
  /// Nil for an expression that does more than name a value.
  private let path: ValuePath?

  /// Reads an expression, without `{{ }}` around it.
  ///
  /// - Parameters:
  ///   - source: The text.
  ///   - name: How errors call the expression.
  ///   - environment: What it may refer to.
  /// - Throws: `TemplateError` for the first mistake, or for the first feature that Leaven refuses.
  public init(
    _ source: String, name: String, in environment: TemplateEnvironment
  ) throws(TemplateError) {
    self.name = name
    (expression, program, reads) = try TemplateCompiler.compile(
      expression: source, name: name, in: environment)
    path = ValuePath(expression, program)
  }

  /// Whether the value counts as true, as in an `if`: not for `none`, `false`, 0 and what is empty.
  ///
  /// - Throws: `RenderError`; also when the value is undefined.
  public func isTrue(
    _ scope: TemplateScope, using renderer: inout Renderer
  ) throws(RenderError) -> Bool {
    renderer.begin(program, scope)
    defer { renderer.end() }
    let value = try renderer.evaluate(expression, renderer.emptyFrame)
    return try renderer.isTrue(value)
  }

  /// Appends the value as JSON to the array or object that is being built (after its key), or builds it alone.
  ///
  /// Tuples and what filters like `map` make become arrays; numbers of a record keep their value, not
  /// always their spelling (`1e3` becomes `1000.0`), unless they stay inside an array or object of it.
  ///
  /// - Throws: `RenderError`; also when the value is undefined, not a finite number, or has no form in JSON.
  ///   What was built then is incomplete.
  public func evaluate(
    _ scope: TemplateScope, using renderer: inout Renderer, into tape: inout JSONTape
  ) throws(RenderError) {
    if let value = path?.find(in: scope) { return tape.build(value) }
    renderer.begin(program, scope)
    defer { renderer.end() }
    let value = try renderer.evaluate(expression, renderer.emptyFrame)
    try renderer.build(value, on: &tape)
  }
}
