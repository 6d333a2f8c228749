internal import Records

/// What is said about violations: each phrase follows the place ("/topic must be …").
struct Sentences {
  let program: SchemaProgram

  /// The longest text that is quoted from a value or a schema, in code points.
  private static let quoteLimit = 60
  /// The longest list of allowed values, in bytes.
  private static let listLimit = 400

  func phrase(_ step: Int, _ cause: SchemaProgram.Cause, _ value: JSONView) -> String {
    if cause == .depth { return "is nested too deep for this schema" }
    switch program.instructions[step] {
    case .never: return "is not allowed here"
    case .kinds(let kinds): return "must be \(names(kinds)), not \(kind(of: value))"
    case .constant(let index): return "must be \(Self.text(program.constants[Int(index)]))"
    case .enumeration(let strings, let others): return listing(strings, others, value)
    case .minimum(let bound):
      return "must be at least \(program.text(bound)), not \(excerpt(value))"
    case .maximum(let bound): return "must be at most \(program.text(bound)), not \(excerpt(value))"
    case .exclusiveMinimum(let bound):
      return "must be more than \(program.text(bound)), not \(excerpt(value))"
    case .exclusiveMaximum(let bound):
      return "must be less than \(program.text(bound)), not \(excerpt(value))"
    case .multipleOf(let divisor): return "must be a multiple of \(divisor), not \(excerpt(value))"
    case .minLength(let count):
      return "must have at least \(amount(count, "character")), not \(CodePoints.number(in: value))"
    case .maxLength(let count):
      return "must have at most \(amount(count, "character")), not \(CodePoints.number(in: value))"
    case .pattern(let index):
      return "must match the pattern \(program.patterns[Int(index)].source)"
    case .format(let format): return "must be \(format.noun)"
    case .content(let rule): return rule.isBase64 ? "must be base 64" : "must be JSON text"
    default: return structurePhrase(step, cause, value)
    }
  }

  private func structurePhrase(
    _ step: Int, _ cause: SchemaProgram.Cause, _ value: JSONView
  ) -> String {
    switch program.instructions[step] {
    case .minProperties(let count):
      return "must have at least \(amount(count, "property", "properties")), not \(value.count)"
    case .maxProperties(let count):
      return "must have at most \(amount(count, "property", "properties")), not \(value.count)"
    case .required(let names):
      return "lacks the property \(missing(names, value))"
    case .dependentRequired(let name, let names):
      return
        "has \(Self.quoted(program.text(name))) and therefore needs \(missing(names, value))"
    case .minItems(let count):
      return "must have at least \(amount(count, "element")), not \(value.count)"
    case .maxItems(let count):
      return "must have at most \(amount(count, "element")), not \(value.count)"
    case .uniqueItems: return repetition(value)
    case .contains(_, let minimum, let maximum):
      if cause == .tooManyMatches {
        return "has more than \(amount(maximum, "element")) that fit \"contains\""
      }
      let verb = minimum == 1 ? "fits" : "fit"
      return "needs at least \(amount(minimum, "element")) that \(verb) \"contains\""
    case .anyOf(let list), .oneOf(let list):
      return cause == .tooManyMatches
        ? "fits more than one of the alternatives, must fit exactly one"
        : alternatives(list)
    case .not: return "is one of the values that are excluded"
    default: return "does not fit the schema"
    }
  }

  // MARK: Parts of phrases

  private func missing(_ names: IndexList, _ value: JSONView) -> String {
    program.firstMissing(of: names, in: value).map { Self.quoted(program.text($0)) } ?? "a property"
  }

  private func repetition(_ value: JSONView) -> String {
    guard let (first, second) = JSONEquality.firstRepetition(in: value) else {
      return "must not repeat an element"
    }
    return "must not repeat an element: \(first) and \(second) are equal"
  }

  /// The alternatives by their types where each has one.
  private func alternatives(_ list: IndexList) -> String {
    let kinds = program.nodes(in: list).map { node in
      program.instructions(of: node).compactMap { instruction in
        if case .kinds(let kinds) = instruction { names(kinds) } else { nil }
      }.first
    }
    let named = kinds.compactMap { $0 }
    let areDistinct = Set(named).count == kinds.count
    return areDistinct
      ? "must be one of these: \(named.joined(separator: "; "))"
      : "fits none of the \(kinds.count) alternatives"
  }

  private func listing(_ strings: Int32, _ others: IndexList, _ value: JSONView) -> String {
    var allowed: [String] = []
    if strings >= 0 {
      let table = program.tables[Int(strings)]
      for number in table.start..<(table.start + table.count) {
        allowed.append(JSONValue.string(program.text(program.names[Int(number)])).compact)
      }
    }
    for index in others.start..<(others.start + others.count) {
      allowed.append(Self.text(program.constants[Int(index)]))
    }
    guard allowed.count != 1 else { return "must be \(allowed[0])" }
    var shown = ""
    for (position, text) in allowed.enumerated() {
      if shown.utf8.count + text.utf8.count > Self.listLimit {
        shown += ", and \(allowed.count - position) more"
        break
      }
      shown += (position == 0 ? "" : ", ") + text
    }
    return "must be one of: \(shown); not \(excerpt(value))"
  }

  private func names(_ kinds: KindSet) -> String {
    let names = KindSet.names.filter { kinds.contains($0.set) }.map { article($0.name) }
    return names.joined(separator: " or ")
  }

  private func kind(of value: JSONView) -> String {
    switch value.kind {
    case .null: "null"
    case .true, .false: "a boolean"
    case .number: value.node.flags.contains(.integer) ? "an integer" : "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  private func article(_ name: String) -> String {
    name == "null" ? name : (["object", "array", "integer"].contains(name) ? "an " : "a ") + name
  }

  private func amount(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(count) \(count == 1 ? one : many ?? one + "s")"
  }

  private func excerpt(_ value: JSONView) -> String {
    switch value.kind {
    case .array, .object: kind(of: value)
    case .string: Self.quoted(value.text)
    default: Self.cut(value.text)
    }
  }

  /// A text as a JSON string, cut when it is long.
  static func quoted(_ text: String) -> String { JSONValue.string(cut(text)).compact }

  private static func cut(_ text: String) -> String {
    text.unicodeScalars.count <= quoteLimit
      ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(quoteLimit))) + "…"
  }

  private static func text(_ constant: Constant) -> String {
    switch constant {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let text): cut(String(decoding: text, as: UTF8.self))
    case .string(let text): quoted(String(decoding: text, as: UTF8.self))
    case .array: "a certain array"
    case .object: "a certain object"
    }
  }
}
