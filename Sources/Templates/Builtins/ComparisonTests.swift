/// Tests that compare with another value: `is eq`, `is in`, `is divisibleby`.
enum ComparisonTests {
  static let all: [Test] =
    comparisons([
      (["==", "eq", "equalto"], .equal), (["!=", "ne"], .notEqual),
      ([">", "gt", "greaterthan"], .greater), ([">=", "ge"], .greaterOrEqual),
      (["<", "lt", "lessthan"], .less), (["<=", "le"], .lessOrEqual), (["in"], .in),
    ]) + [
      Test("divisibleby", Parameters("num"), divisibleBy),
      Test("odd", odd),
      Test("even", even),
      Test("sameas", Parameters("other"), sameAs),
    ]

  private static func comparisons(_ names: [([String], ComparisonOperator)]) -> [Test] {
    names.flatMap { names, sign in
      names.map { name in
        Test(name, Parameters("other").byPosition) {
          (renderer: inout Renderer, value: Value, arguments: Bound) throws(RenderError) -> Bool in
          try renderer.compare(value, sign, arguments[0] ?? .none)
        }
      }
    }
  }

  private static func remainder(
    _ renderer: inout Renderer, _ value: Value, _ divisor: Value
  ) throws(RenderError) -> Value {
    try renderer.apply(.remainder, value, divisor)
  }

  private static func divisibleBy(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool {
    let rest = try remainder(&renderer, value, arguments[0] ?? .none)
    return try renderer.isEqual(rest, .int(0))
  }

  private static func odd(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool {
    try renderer.isEqual(try remainder(&renderer, value, .int(2)), .int(1))
  }

  private static func even(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool {
    try renderer.isEqual(try remainder(&renderer, value, .int(2)), .int(0))
  }

  /// Python's `is`.
  ///
  /// Of values that may or may not share an object there, nothing is guessed.
  private static func sameAs(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool {
    let other = arguments[0] ?? .none
    switch (value, other) {
    case (.none, .none): return true
    case (.bool(let left), .bool(let right)): return left == right
    case (.none, _), (_, .none), (.bool, _), (_, .bool): return false
    case (.list(let left), .list(let right)): return left === right
    case (.dict(let left), .dict(let right)): return left === right
    case (.object(let left), .object(let right)):
      if let left = left.identity { return left == right.identity }
      throw renderer.unsupported("'sameas' on functions is not supported")
    case (.undefined, .undefined):
      throw renderer.unsupported("'sameas' on what is not defined is not supported")
    case (.undefined, _), (_, .undefined): return false
    default:
      if !(try renderer.isEqual(value, other)) { return false }
      throw renderer.unsupported(
        "'sameas' on \(renderer.kind(of: value)) is not supported", hint: "use ==")
    }
  }
}
