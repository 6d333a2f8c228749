/// Filters that change text: case, white space, parts.
enum TextFilters {
  static let all: [Filter] = [
    Filter("upper", upper),
    Filter("lower", lower),
    Filter("capitalize", capitalize),
    Filter("title", title),
    Filter("trim", Parameters("chars?"), trim),
    Filter("replace", Parameters("old", "new", "count?"), replace),
    Filter("format", Parameters(more: true, names: true), format),
    Filter("string", string),
    Filter("join", Parameters("d?", "attribute?"), join),
    Filter("truncate", Parameters("length?", "killwords?", "end?", "leeway?"), truncate),
    Filter("wordcount", wordCount),
  ]

  private static func upper(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value { .string(CaseMapping.upper(try renderer.text(value))) }

  private static func lower(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value { .string(CaseMapping.lower(try renderer.text(value))) }

  private static func capitalize(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value { .string(CaseMapping.capitalized(try renderer.text(value))) }

  /// Words begin after white space, `-`, `(`, `{`, `[` and `<`.
  private static func title(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let starts: Set<Unicode.Scalar> = ["-", "(", "{", "[", "<"]
    var result: [UInt8] = []
    var word: [Unicode.Scalar] = []
    func finish() {
      guard let first = word.first else { return }
      result += Array(first.properties.uppercaseMapping.utf8)
      result += CaseMapping.lower(Text(word.dropFirst())).bytes
      word = []
    }
    for scalar in try renderer.text(value).scalars {
      if starts.contains(scalar) || Whitespace.contains(scalar) {
        finish()
        Text.append(scalar, to: &result)
      } else {
        word.append(scalar)
      }
    }
    finish()
    return .string(Text(bytes: result))
  }

  private static func trim(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let text = try renderer.text(value)
    guard let characters = arguments.given(0) else { return .string(text.stripped()) }
    guard let characters = characters.text else {
      throw renderer.wrongArgument("'chars' must be text")
    }
    return .string(text.stripped(characters))
  }

  private static func replace(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let text = try renderer.text(value)
    let old = try renderer.text(arguments[0] ?? .none)
    let new = try renderer.text(arguments[1] ?? .none)
    let count = try renderer.integer(arguments.given(2), or: -1, "count")
    return .string(
      try renderer.replaced(text.unmarked, old, new, limit: count < 0 ? .max : count))
  }

  private static func format(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let text = try renderer.text(value)
    if arguments.others.isEmpty {
      return .string(try renderer.percentFormat(text, .tuple(arguments.rest)))
    }
    guard arguments.rest.isEmpty else {
      throw renderer.wrongArgument("'format' takes either plain arguments or names, not both")
    }
    let names = DictValue()
    for argument in arguments.others { names.set(argument.name, argument.value) }
    return .string(try renderer.percentFormat(text, .dict(names)))
  }

  private static func string(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value { .string(try renderer.text(value)) }

  private static func join(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let separator = try renderer.text(arguments[0] ?? .text(""))
    let path = try arguments.given(1).map { path throws(RenderError) in
      try AttributePath(path, renderer)
    }
    let iterator = try renderer.iterator(over: value)
    var result: [UInt8] = []
    var isFirst = true
    while var item = try iterator.next(&renderer) {
      if let path { item = try path.value(of: item, &renderer) }
      if !isFirst { result += separator.bytes }
      isFirst = false
      result += try renderer.text(item).bytes
      try renderer.check(byteCount: result.count)
    }
    return .string(Text(bytes: result))
  }

  private static func truncate(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let length = try renderer.integer(arguments[0], or: 255, "length")
    let killsWords = try renderer.isTrue(arguments[1] ?? .bool(false))
    guard let end = (arguments[2] ?? .text("...")).text else {
      throw renderer.wrongArgument("'end' must be text")
    }
    let leeway = try renderer.integer(arguments.given(3), or: 5, "leeway")
    guard length >= end.count, leeway >= 0 else {
      throw renderer.wrongArgument("'length' must not be less than the length of 'end'")
    }
    guard let text = value.text else {
      // Whatever is short enough stays, text or not.
      let count = try renderer.lengthIfKnown(value)
      if let count, count <= length + leeway { return value }
      throw renderer.wrongType("'truncate' needs text, not \(renderer.kind(of: value))")
    }
    if text.count <= length + leeway { return .string(text) }
    var head = text.prefix(length - end.count)
    if !killsWords { head = head.partsFromEnd(between: " ", limit: 1)[0] }
    return .string(try renderer.concatenate(head, end))
  }

  private static func wordCount(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    var count = 0
    var isInWord = false
    for scalar in try renderer.text(value).scalars {
      let isWord = scalar == "_" || CharacterClass.isAlphanumeric(scalar)
      if isWord, !isInWord { count += 1 }
      isInWord = isWord
    }
    return .int(count)
  }
}

extension Renderer {
  /// Text with a part replaced, within the limit.
  func replaced(
    _ text: Text, _ old: Text, _ new: Text, limit: Int
  ) throws(RenderError) -> Text {
    let count = min(text.occurrences(of: old), limit)
    let growth = (new.bytes.count - old.bytes.count).multipliedReportingOverflow(by: count)
    try check(byteCount: growth.overflow ? .max : text.bytes.count + growth.partialValue)
    return text.alike(text.replacing(old, with: new, limit: limit))
  }
}
