internal import Records

/// Tests of what a value is.
enum ValueTests {
  static let all: [Test] = [
    Test("defined", defined),
    Test("undefined", undefined),
    Test("none", isNone),
    Test("boolean", boolean),
    Test("true", isTrue),
    Test("false", isFalse),
    Test("integer", integer),
    Test("float", float),
    Test("number", number),
    Test("string", string),
    Test("mapping", mapping),
    Test("sequence", sequence),
    Test("iterable", iterable),
    Test("callable", callable),
    Test("escaped", escaped),
    Test("lower", lower),
    Test("upper", upper),
    Test("filter", filter),
    Test("test", test),
  ]

  private static func defined(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool { if case .undefined = value { false } else { true } }

  private static func undefined(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool { if case .undefined = value { true } else { false } }

  private static func isNone(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool { if case .none = value { true } else { false } }

  private static func boolean(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool { if case .bool = value { true } else { false } }

  private static func isTrue(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool { if case .bool(true) = value { true } else { false } }

  private static func isFalse(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool { if case .bool(false) = value { true } else { false } }

  private static func integer(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool {
    switch value {
    case .int, .big: true
    default: false
    }
  }

  private static func float(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool { if case .float = value { true } else { false } }

  private static func number(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool {
    switch value {
    case .int, .big, .float, .bool: true
    default: false
    }
  }

  private static func string(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool { value.isText }

  private static func mapping(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool {
    switch value {
    case .dict: true
    case .view(let view): view.kind == .object
    default: false
    }
  }

  private static func sequence(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool {
    switch value {
    case .string, .list, .tuple, .dict, .range, .view: return true
    case .undefined(let missing): return missing.policy != .strict
    default: return false
    }
  }

  private static func iterable(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool {
    switch value {
    case .string, .list, .tuple, .dict, .dictView, .range, .iterator, .view: return true
    case .object(.loop): return true
    case .undefined(let missing):
      if missing.policy == .strict { throw renderer.undefined(missing) }
      return true
    default: return false
    }
  }

  private static func callable(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool {
    switch value {
    case .object(.function), .object(.method), .object(.macro), .object(.loop), .object(.joiner),
      .undefined:
      true
    default: false
    }
  }

  private static func escaped(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool {
    if case .string(let text) = value { text.isMarkup } else { false }
  }

  private static func lower(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool { CaseMapping.isLower(try renderer.text(value)) }

  private static func upper(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool { CaseMapping.isUpper(try renderer.text(value)) }

  private static func filter(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool {
    guard let name = try lookedUp(value, renderer) else { return false }
    return Filter.named[name] != nil || UnsupportedFeatures.filters[name] != nil
  }

  private static func test(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Bool {
    try lookedUp(value, renderer).map { Test.named[$0] != nil } ?? false
  }

  /// The name that a value is; Jinja looks it up in a mapping, which lists and mappings cannot be in.
  private static func lookedUp(
    _ value: Value, _ renderer: Renderer
  ) throws(RenderError) -> String? {
    switch value.loaded {
    case .string(let text): return text.string
    case .list, .dict, .view, .tuple, .undefined:
      _ = try renderer.hashKey(value)
      return nil
    default: return nil
    }
  }
}
