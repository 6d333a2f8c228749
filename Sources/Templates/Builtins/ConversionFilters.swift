internal import Records

/// Filters that give another type: numbers, lists, defaults.
enum ConversionFilters {
  static let all: [Filter] = [
    Filter("default", Parameters("default_value?", "boolean?"), fallback),
    Filter("int", Parameters("default?", "base?"), int),
    Filter("float", Parameters("default?"), float),
    Filter("list", list),
    Filter("length", length),
    Filter("attr", Parameters("name"), attribute),
    Filter("tojson", Parameters("indent?"), toJSON),
    Filter("pprint", prettyPrint),
  ]

  private static func fallback(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let isMissing = if case .undefined = value { true } else { false }
    if isMissing { return arguments[0] ?? .text("") }
    guard let boolean = arguments[1], try renderer.isTrue(boolean) else { return value }
    return try renderer.isTrue(value) ? value : arguments[0] ?? .text("")
  }

  private static func int(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let fallback = arguments[0] ?? .int(0)
    let base = try renderer.integer(arguments[1], or: 10, "base")
    switch Numbers.number(value.loaded) {
    case .int, .big: return value.loaded.asNumber
    case .float(let number):
      guard !number.isInfinite else { throw renderer.badValue("infinity is no integer") }
      return number.isNaN ? fallback : Value(BigInteger(truncating: number))
    case .string(let text):
      // With a base that there is not, Python's `int` fails, and Jinja goes on to `float`.
      if base == 0 || (2...36).contains(base),
        let number = NumberText.integer(text, base: base)
      {
        return Value(number)
      }
      guard let number = NumberText.float(text), number.isFinite else { return fallback }
      return Value(BigInteger(truncating: number))
    case .undefined(let missing): throw renderer.undefined(missing)
    default: return fallback
    }
  }

  private static func float(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let fallback = arguments[0] ?? .float(0)
    switch Numbers.number(value.loaded) {
    case .int(let number): return .float(Double(number))
    case .big(let number):
      guard let double = number.double else { throw renderer.badValue("the integer is too large") }
      return .float(double)
    case .float(let number): return .float(number)
    case .string(let text): return NumberText.float(text).map { .float($0) } ?? fallback
    case .undefined(let missing): throw renderer.undefined(missing)
    default: return fallback
    }
  }

  private static func list(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value { .list(try renderer.items(of: value)) }

  private static func length(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    guard let length = try renderer.lengthIfKnown(value) else {
      throw renderer.wrongType(
        "\(renderer.kind(of: value)) has no length",
        hint: { if case .iterator = value { "make it a list first: …|list" } else { nil } }())
    }
    return .int(length)
  }

  /// A member of the value itself, never an element.
  private static func attribute(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    guard let name = arguments[0]?.text else {
      throw renderer.wrongArgument("'name' must be text")
    }
    if case .undefined(let missing) = value {
      if missing.policy == .chainable { return value }
      throw renderer.undefined(missing)
    }
    return try renderer.ownMember(name.string, of: value)
      ?? renderer.undefinedMember(name.string, of: value)
  }

  private static func toJSON(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    var writer = JSONWriter(indent: try renderer.indent(arguments.given(0)))
    try writer.write(value, &renderer)
    return .string(Text(bytes: writer.safeForHTML, isMarkup: true))
  }

  private static func prettyPrint(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    .string(Text(try PrettyPrinter.text(value, &renderer)))
  }
}

extension Value {
  /// A Boolean as the integer it counts as.
  var asNumber: Value { Numbers.number(self) }
}
