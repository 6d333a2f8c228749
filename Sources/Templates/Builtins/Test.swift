/// A test: what stands after `is`.
struct Test: Sendable {
  typealias Body = @Sendable (inout Renderer, Value, Bound) throws(RenderError) -> Bool

  let name: String
  let parameters: Parameters
  let apply: Body

  init(_ name: String, _ parameters: Parameters, _ apply: @escaping Body) {
    self.name = name
    self.parameters = parameters
    self.apply = apply
  }

  /// Without parameters.
  init(_ name: String, _ apply: @escaping Body) { self.init(name, Parameters(), apply) }

  /// All tests by name.
  static let named: [String: Test] = {
    var tests: [String: Test] = [:]
    for test in ValueTests.all + ComparisonTests.all { tests[test.name] = test }
    return tests
  }()
}
