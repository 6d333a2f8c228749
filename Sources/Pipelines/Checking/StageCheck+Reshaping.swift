internal import Templates

extension StageCheck {
  /// What makes other records of those that are read.
  enum Reshape {
    case each(Compiled<CompiledExpression>, ElementShape)
    case split(SplitPlan, Compiled<CompiledExpression>)
    case group(GroupPlan, [Compiled<CompiledExpression>])

    /// What a run does.
    var plan: Reshaping {
      switch self {
      case .each(let list, _): .each(list.code)
      case .split(let plan, _): .split(plan)
      case .group(let plan, _): .group(plan)
      }
    }

    /// What it calculates of each record.
    var expressions: [Compiled<CompiledExpression>] {
      switch self {
      case .each(let list, _): [list]
      case .split(_, let text): [text]
      case .group(_, let expressions): expressions
      }
    }

    /// What may be read of the records that it makes.
    func scope(of reads: ReadsCheck) -> ReadsCheck {
      var made = reads
      switch self {
      case .each(_, let element): made.element = element
      case .split: made.element = .unknown
      case .group(let plan, _):
        made.records = RecordShape(header: [plan.field])
        made.output = .none("a group has one for each of its 'items'")
        made.ancestors = []
        made.element = nil
        made.joined = nil
        made.items = ItemsShape(reads)
      }
      return made
    }
  }

  /// The keys that make other records; more than one is a mistake.
  var reshapingKeys: [(name: String, text: LocatedText)] {
    let extract = stage.section("extract")
    let split = stage.section("transform").section("split")
    return ["each", "group"].compactMap { name in extract.text(name).map { (name, $0) } }
      + [split.text("text").map { ("split", $0) }].compactMap(\.self)
  }

  /// Checks `each`, `group` and `split`; nil when there is none, or it is wrong.
  func checkReshaping(_ reads: ReadsCheck, into diagnostics: inout DiagnosticList) -> Reshape? {
    let keys = reshapingKeys
    checkCompany(of: keys.map(\.name), into: &diagnostics)
    guard let (name, text) = keys.first else { return nil }
    for extra in keys.dropFirst() {
      diagnostics.error(
        .conflictingKeys, at: extra.text.place, "a stage has both '\(name)' and '\(extra.name)'",
        hint: "let one stage do the one, and a stage that reads it the other")
    }
    return switch name {
    case "each": checkEach(text, reads, into: &diagnostics)
    case "group": checkGroup(text, reads, into: &diagnostics)
    default: checkSplit(text, reads, into: &diagnostics)
    }
  }

  private func checkCompany(of names: [String], into diagnostics: inout DiagnosticList) {
    let extract = stage.section("extract")
    for name in ["order_by", "limit"] where !names.contains("group") {
      guard let node = extract.written(name) else { continue }
      diagnostics.error(
        .misplacedKey, at: node.place, "the key '\(name)' means nothing without 'group'")
    }
    if let name = names.first, let policy = extract.text("on_duplicate"),
      policy.text != DuplicatePolicy.error.rawValue
    {
      diagnostics.error(
        .misplacedKey, at: policy.place,
        "'on_duplicate: \(policy.text)' does not go with '\(name)'",
        hint: "duplicates are looked for among the records that are made")
    }
  }

  private func checkEach(
    _ text: LocatedText, _ reads: ReadsCheck, into diagnostics: inout DiagnosticList
  ) -> Reshape? {
    guard let list = checkExpression("each", text, reads, into: &diagnostics) else { return nil }
    let element = reads.elements(of: text.text, list.reads)
    if element.isImpossible {
      diagnostics.error(
        .notAList, at: text.place, "'each' goes through a list, and '\(text.text)' is none",
        hint: "name a list of the answer schema, or an expression that makes one")
    }
    return .each(list, element)
  }

  private func checkSplit(
    _ text: LocatedText, _ reads: ReadsCheck, into diagnostics: inout DiagnosticList
  ) -> Reshape? {
    let split = stage.section("transform").section("split")
    guard let code = checkExpression("split", text, reads, into: &diagnostics),
      let measure = SplitPlan.Measure.allCases.first(where: { split.written($0.rawValue) != nil }),
      let size = split.integer(measure.rawValue), let overlap = split.integer("overlap")
    else { return nil }
    if overlap > size / 2 {
      diagnostics.error(
        .outOfRange, at: split.place(of: "overlap"),
        "'overlap' is more than half of a chunk of \(size) \(measure.rawValue)")
    }
    return .split(SplitPlan(code.code, measure, size: size, overlap: overlap), code)
  }

  private func checkGroup(
    _ text: LocatedText, _ reads: ReadsCheck, into diagnostics: inout DiagnosticList
  ) -> Reshape? {
    let extract = stage.section("extract")
    guard let value = checkExpression("group", text, reads, into: &diagnostics) else { return nil }
    let order = extract.text("order_by").flatMap {
      checkExpression("order_by", $0, reads, into: &diagnostics)
    }
    let plan = GroupPlan(
      value: value.code, field: NameRule.isIdentifier(text.text) ? text.text : "group",
      order: order?.code, limit: extract.integer("limit"))
    return .group(plan, [value, order].compactMap(\.self))
  }

  func checkExpression(
    _ key: String, _ text: LocatedText, _ reads: ReadsCheck,
    into diagnostics: inout DiagnosticList
  ) -> Compiled<CompiledExpression>? {
    let compiled = compiler.expression(text, name: "\(name).\(key)", into: &diagnostics)
    if let compiled { reads.check(compiled.reads, compiled.origin, into: &diagnostics) }
    return compiled
  }
}

extension ReadsCheck {
  /// What is known of the elements of a list, if the expression just names one inside an answer.
  func elements(of expression: String, _ reads: FieldReads) -> ElementShape {
    guard reads.paths.count == 1, let path = reads.paths.first, reads.fields.isEmpty,
      ([path.root] + path.members).joined(separator: ".").utf8.elementsEqual(
        expression.trimming(while: \.isWhitespace).utf8)
    else { return .unknown }
    switch path.root {
    case ScopeRoot.output.name:
      guard case .answer(let answer, let stage) = output else { return .unknown }
      return ElementShape(answer: answer, path: path.members + [FieldReads.element], stage: stage)
    case ScopeRoot.stages.name:
      guard let stage = ancestors?.first(where: { $0.name == path.members.first }) else {
        return .unknown
      }
      return ElementShape(
        answer: stage.answer, path: path.members.dropFirst(2) + [FieldReads.element],
        stage: stage.name)
    case ScopeRoot.item.name:
      guard let element else { return .unknown }
      return ElementShape(
        answer: element.answer, path: element.path + path.members + [FieldReads.element],
        stage: element.stage)
    default: return .unknown
    }
  }
}

extension ElementShape {
  /// Whether no answer has a list there, although it may have the value itself.
  fileprivate var isImpossible: Bool {
    guard !path.isEmpty else { return false }
    return answer.knows(path) == false && answer.knows(Array(path.dropLast())) != false
  }
}

extension String {
  fileprivate func trimming(while predicate: (Character) -> Bool) -> Substring {
    var text = drop(while: predicate)
    while let last = text.last, predicate(last) { text.removeLast() }
    return text
  }
}
