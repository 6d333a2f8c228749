/// Checks what is written against the specifications, and reports everything that does not fit.
struct FieldTypeCheck {
  private(set) var diagnostics: DiagnosticList

  init(file: String) {
    diagnostics = DiagnosticList(file: file)
  }

  /// Checks a mapping: unknown, missing, misplaced and conflicting keys, then every value.
  ///
  /// - Parameters:
  ///   - node: What is written.
  ///   - section: What may be written.
  ///   - place: Where the mapping's own key stands, for keys that are missing.
  mutating func check(_ node: YAMLNode, is section: SectionSpec, at place: Place) {
    guard let pairs = node.pairs else { return reportType(node, .section(section), section.title) }
    for pair in pairs {
      if let field = section.field(pair.name) {
        check(pair.value, is: field.type, of: field.name)
      } else {
        let names = section.fields.map(\.name)
        diagnostics.error(
          .unknownKey, at: pair.place, "'\(section.title)' has no key '\(pair.name)'",
          hint: CloseName.hint(for: pair.name, in: names, listed: "its keys are"))
      }
    }
    for field in section.fields where field.isRequired && node.pair(field.name) == nil {
      diagnostics.error(
        .missingKey, at: place, "'\(section.title)' lacks the key '\(field.name)'",
        hint: lowercasedFirst(field.doc))
    }
    checkChoice(of: section.exactlyOne, in: node, section, at: place)
    for field in section.fields where !field.goesWith.isEmpty {
      checkCompany(of: field, in: node, section)
    }
  }

  private mutating func checkChoice(
    of names: [String], in node: YAMLNode, _ section: SectionSpec, at place: Place
  ) {
    guard !names.isEmpty else { return }
    let written = names.compactMap { node.pair($0) }.sorted { $0.place < $1.place }
    let list = names.joined(separator: ", ")
    if written.isEmpty {
      diagnostics.error(
        .missingKey, at: place, "'\(section.title)' needs one of the keys \(list)")
    }
    for extra in written.dropFirst() {
      diagnostics.error(
        .conflictingKeys, at: extra.place,
        "'\(section.title)' has both '\(written[0].name)' and '\(extra.name)'",
        hint: "keep one of \(list)")
    }
  }

  private mutating func checkCompany(of field: FieldSpec, in node: YAMLNode, _ section: SectionSpec)
  {
    guard let pair = node.pair(field.name),
      let other = section.exactlyOne.first(where: { node.pair($0) != nil }),
      !field.goesWith.contains(other)
    else { return }
    diagnostics.error(
      .misplacedKey, at: pair.place, "the key '\(field.name)' means nothing with '\(other)'",
      hint: other == "stage" && field.name == "key"
        ? "records of a stage keep their keys"
        : "it goes with \(field.goesWith.joined(separator: ", "))")
  }

  private mutating func check(_ node: YAMLNode, is type: FieldType, of name: String) {
    if node.isNull {
      if type.takes(null: node.scalar?.text ?? "") { return }
      return diagnostics.error(
        .wrongType, at: node.place, "'\(name)' has no value", hint: "it takes \(type.noun)")
    }
    switch type {
    case .text(let shape): checkText(node, shape, of: name)
    case .integer(let range): checkInteger(node, range, of: name)
    case .byteCount(let range): checkByteCount(node, range, of: name)
    case .decimal:
      if node.scalar.flatMap({ ScalarReading.billionths($0) }) == nil {
        reportType(node, type, name)
      }
    case .dollars:
      if node.scalar.flatMap({ ScalarReading.dollars($0) }) == nil { reportType(node, type, name) }
    case .recordLimit:
      if node.scalar.flatMap({ RecordLimit($0.text) }) == nil { reportType(node, type, name) }
    case .share:
      if case .share? = node.scalar.flatMap({ RecordLimit($0.text) }) { break }
      reportType(node, type, name)
    case .duration:
      if node.scalar.flatMap({ ScalarReading.milliseconds($0) }) == nil {
        reportType(node, type, name)
      }
    case .boolean: checkBoolean(node, of: name)
    case .choice(let choices): checkChoice(node, choices, of: name)
    case .section(let section): check(node, is: section, at: node.place)
    case .map(let keys, let values): checkMap(node, keys: keys, values: values, of: name)
    case .object:
      if node.pairs == nil { reportType(node, type, name) }
    case .json: break
    case .list(let element):
      guard let elements = node.elements else { return check(node, is: element, of: name) }
      if elements.isEmpty { diagnostics.error(.wrongType, at: node.place, "'\(name)' is empty") }
      for value in elements { check(value, is: element, of: name) }
    case .either(let alone, let section):
      if node.pairs != nil {
        check(node, is: section.retitled(name), at: node.place)
      } else {
        check(node, is: alone, of: name)
      }
    }
  }

  private mutating func checkMap(
    _ node: YAMLNode, keys: String, values: FieldType, of name: String
  ) {
    guard let pairs = node.pairs else {
      return reportType(node, .map(keys: keys, values: values), name)
    }
    if pairs.isEmpty { diagnostics.error(.wrongType, at: node.place, "'\(name)' is empty") }
    for pair in pairs {
      if case .section(let section) = values {
        let title = section.title.replacing("<name>", with: pair.name)
        if pair.value.isNull {
          diagnostics.error(.wrongType, at: pair.place, "'\(title)' has no value")
        } else {
          check(pair.value, is: section.retitled(title), at: pair.place)
        }
      } else {
        check(pair.value, is: values, of: pair.name)
      }
    }
  }

  private mutating func checkText(
    _ node: YAMLNode, _ shape: FieldType.TextShape, of name: String
  ) {
    guard let scalar = node.scalar else { return reportType(node, .text(shape), name) }
    let text = scalar.text
    func report(_ what: String, hint: String) {
      diagnostics.error(
        .wrongType, at: node.place, "'\(name)' takes \(what), not '\(scalar.shownText)'", hint: hint
      )
    }
    switch shape {
    case .words, .template, .name, .path, .expression:
      if text.allSatisfy(\.isWhitespace) {
        diagnostics.error(.wrongType, at: node.place, "'\(name)' is empty")
      }
    case .url:
      if !text.hasPrefix("http://"), !text.hasPrefix("https://") {
        report("an address", hint: "it begins with http:// or https://")
      }
    case .environmentVariable:
      if !NameRule.isEnvironmentVariable(text) {
        report(
          "the name of an environment variable",
          hint: "letters, digits and '_', such as ANTHROPIC_API_KEY")
      }
    case .character:
      if ScalarReading.character(scalar) == nil {
        report("one ASCII character", hint: "write 'tab' for a tab")
      }
    }
  }

  private mutating func checkInteger(_ node: YAMLNode, _ range: ClosedRange<Int>, of name: String) {
    guard let scalar = node.scalar else { return reportType(node, .integer(range), name) }
    guard let value = scalar.int else {
      let looksNumeric = scalar.text.first?.isNumber ?? false
      return diagnostics.error(
        .wrongType, at: node.place,
        "'\(name)' takes \(FieldType.integer(range).noun), not \(node.noun)",
        hint: looksNumeric ? "write it in plain decimal digits, without quotes" : nil)
    }
    if !range.contains(value) {
      diagnostics.error(
        .outOfRange, at: node.place,
        "'\(name)' takes \(FieldType.integer(range).noun), not \(value)")
    }
  }

  private mutating func checkByteCount(_ node: YAMLNode, _ range: ClosedRange<Int>, of name: String)
  {
    guard let count = node.scalar.flatMap({ ScalarReading.byteCount($0) }) else {
      return diagnostics.error(
        .wrongType, at: node.place,
        "'\(name)' takes \(FieldType.byteCount(range).noun), not \(node.noun)",
        hint: "the units are B, KB, MB, GB (powers of 1000) and KiB, MiB, GiB (powers of 1024)")
    }
    if !range.contains(count) {
      diagnostics.error(
        .outOfRange, at: node.place,
        "'\(name)' takes at least \(range.lowerBound) bytes, not \(count)")
    }
  }

  private mutating func checkBoolean(_ node: YAMLNode, of name: String) {
    guard node.scalar?.bool == nil else { return }
    let isOldSpelling = ["yes", "no", "on", "off", "y", "n"].contains(
      node.scalar?.text.lowercased())
    diagnostics.error(
      .wrongType, at: node.place, "'\(name)' takes true or false, not \(node.noun)",
      hint: isOldSpelling ? "YAML 1.2 has only true and false" : nil)
  }

  private mutating func checkChoice(
    _ node: YAMLNode, _ choices: [FieldType.Choice], of name: String
  ) {
    guard let text = node.scalar?.text else { return reportType(node, .choice(choices), name) }
    let names = choices.map(\.name)
    guard !names.contains(text) else { return }
    let close = CloseName.of(text, in: names).map { "did you mean '\($0)'?" }
    diagnostics.error(
      .unknownValue, at: node.place,
      "'\(name)' takes \(names.joined(separator: " | ")), not \(node.noun)", hint: close)
  }

  private mutating func reportType(_ node: YAMLNode, _ type: FieldType, _ name: String) {
    diagnostics.error(.wrongType, at: node.place, "'\(name)' takes \(type.noun), not \(node.noun)")
  }

  private func lowercasedFirst(_ doc: String) -> String {
    doc.prefix(1).lowercased() + doc.dropFirst().trimmingSuffix(while: { $0 == "." })
  }
}

extension Substring {
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
    var text = self
    while let last = text.last, predicate(last) { text.removeLast() }
    return text
  }
}

extension FieldType {
  /// Whether null, written like this, is a value of this type: any value may be null, and a choice
  /// may have the word.
  fileprivate func takes(null text: String) -> Bool {
    switch self {
    case .json: true
    case .choice(let choices): choices.contains { $0.name == text }
    default: false
    }
  }
}
