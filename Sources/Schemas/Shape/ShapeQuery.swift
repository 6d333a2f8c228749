/// What a program says about the shape of the values that fit it, found without a value.
struct ShapeQuery {
  let program: SchemaProgram

  /// What a schema says about a place inside its values.
  enum Finding {
    /// A keyword names it.
    case declared
    /// No value that fits has it.
    case excluded
    /// A keyword lets it in without naming it.
    case open
    /// Nothing is said.
    case silent
  }

  /// What a node says about a path of member names and element numbers.
  func finding(_ path: ArraySlice<[UInt8]>, at node: Int32) -> Finding {
    guard let step = path.first else { return .declared }
    var findings: [Finding] = []
    var isClosed = false
    for instruction in program.instructions(of: node) {
      if case .unevaluatedProperties(let left) = instruction, isNever(left) { isClosed = true }
      findings.append(finding(step, path.dropFirst(), instruction))
    }
    let together = Self.all(findings)
    return together == .silent && isClosed ? .excluded : together
  }

  private func finding(
    _ step: [UInt8], _ rest: ArraySlice<[UInt8]>, _ instruction: Instruction
  ) -> Finding {
    let path = [step] + rest
    switch instruction {
    case .never: return .excluded
    case .kinds(let kinds): return fits(step, kinds) ? .silent : .excluded
    case .enumeration(_, let others): return others.count == 0 ? .excluded : .silent
    case .members(let plan): return finding(step, rest, program.plans[Int(plan)])
    case .elements(let prefix, let last):
      guard let node = element(step, prefix, last) else { return .silent }
      return finding(rest, at: node)
    case .reference(let node): return finding(path[...], at: node)
    case .dynamicReference: return .open
    case .allOf(let list):
      return Self.all(program.nodes(in: list).map { finding(path[...], at: $0) })
    case .anyOf(let list), .oneOf(let list):
      return Self.any(program.nodes(in: list).map { finding(path[...], at: $0) })
    case .conditional(_, let then, let otherwise):
      let branches = [then, otherwise].map { $0 < 0 ? .silent : finding(path[...], at: $0) }
      return Self.any(branches)
    case .dependentSchema(_, let node):
      let inner = finding(path[...], at: node)
      return inner == .excluded ? .open : inner
    default: return .silent
    }
  }

  private func finding(
    _ step: [UInt8], _ rest: ArraySlice<[UInt8]>, _ plan: MemberPlan
  ) -> Finding {
    let number = step.withUnsafeBufferPointer { program.find($0, in: plan.names) }
    if number >= 0 {
      let node = program.entries[Int(plan.entries) + number].node
      if node >= 0 { return finding(rest, at: node) }
    }
    var scratch = PatternScratch()
    for index in plan.patterns.start..<(plan.patterns.start + plan.patterns.count) {
      let entry = program.memberPatterns[Int(index)]
      let isMatch = step.withUnsafeBufferPointer {
        program.patterns[Int(entry.pattern)].matches($0, using: &scratch)
      }
      if isMatch { return finding(rest, at: entry.node) }
    }
    if plan.additional >= 0 { return isNever(plan.additional) ? .excluded : .open }
    return number >= 0 && rest.isEmpty ? .declared : .silent
  }

  /// Whether values of these kinds can have the step: members belong to objects, numbered elements
  /// to arrays.
  private func fits(_ step: [UInt8], _ kinds: KindSet) -> Bool {
    kinds.contains(.object) || (kinds.contains(.array) && Self.elementNumber(step) != nil)
  }

  private func element(_ step: [UInt8], _ prefix: IndexList, _ rest: Int32) -> Int32? {
    guard let number = Self.elementNumber(step) else { return nil }
    if number < Int(prefix.count) { return program.lists[Int(prefix.start) + number] }
    return rest >= 0 ? rest : nil
  }

  /// The number that a step names; `*` stands for any element, as does a negative number.
  private static func elementNumber(_ step: [UInt8]) -> Int? {
    if step == [0x2A] { return .max }
    return Int(String(decoding: step, as: UTF8.self)).map { $0 < 0 ? .max : $0 }
  }

  private func isNever(_ node: Int32) -> Bool {
    program.instructions(of: node).contains { if case .never = $0 { true } else { false } }
  }

  /// What several schemas say that all hold.
  private static func all(_ findings: [Finding]) -> Finding {
    for finding in [Finding.excluded, .declared, .open] where findings.contains(finding) {
      return finding
    }
    return .silent
  }

  /// What several schemas say of which one holds.
  private static func any(_ findings: [Finding]) -> Finding {
    if findings.contains(.declared) { return .declared }
    guard let first = findings.first, findings.allSatisfy({ $0 == first }) else { return .open }
    return first
  }

  // MARK: Names

  /// The names of the members that are declared at a path, in the order of the schema, each once.
  func names(at path: ArraySlice<[UInt8]>) -> [String] {
    var nodes: [Int32] = [0]
    for step in path { nodes = nodes.flatMap(sameValue).flatMap { children(of: $0, step) } }
    var names: [String] = []
    var seen: Set<[UInt8]> = []
    for node in nodes.flatMap(sameValue) {
      for case .members(let index) in program.instructions(of: node) {
        let plan = program.plans[Int(index)]
        for name in program.names[Int(plan.names.start)..<Int(plan.names.start + plan.names.count)]
        where seen.insert(Array(program.bytes(name))).inserted {
          names.append(program.text(name))
        }
      }
    }
    return names
  }

  /// A node and those that it applies to the same value, exclusions and tests left out.
  private func sameValue(_ node: Int32) -> [Int32] {
    [node]
      + program.instructions(of: node).flatMap { instruction -> [Int32] in
        switch instruction {
        case .not, .dynamicReference: []
        case .conditional(_, let then, let otherwise):
          [then, otherwise].filter { $0 >= 0 }.flatMap(sameValue)
        default: instruction.inPlaceNodes(in: program).flatMap(sameValue)
        }
      }
  }

  private func children(of node: Int32, _ step: [UInt8]) -> [Int32] {
    program.instructions(of: node).compactMap { instruction in
      switch instruction {
      case .members(let index):
        let plan = program.plans[Int(index)]
        let number = step.withUnsafeBufferPointer { program.find($0, in: plan.names) }
        guard number >= 0 else { return nil }
        let child = program.entries[Int(plan.entries) + number].node
        return child >= 0 ? child : nil
      case .elements(let prefix, let rest): return element(step, prefix, rest)
      default: return nil
      }
    }
  }
}
