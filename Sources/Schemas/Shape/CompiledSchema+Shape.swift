/// What is known of the values that fit, for finding slips before there is a value.
extension CompiledSchema {
  /// Whether the values that fit may have something at a path: member names, and for elements of
  /// arrays their number or `*`.
  ///
  /// - Parameter path: The steps from the value; none for the value itself.
  /// - Returns: True if the schema declares it, false if no value that fits has it, nil if the
  ///   schema says nothing about it.
  public func knows(path: [String]) -> Bool? {
    let steps = path.map { Array($0.utf8) }
    switch ShapeQuery(program: program).finding(steps[...], at: 0) {
    case .declared: return true
    case .excluded: return false
    case .open, .silent: return nil
    }
  }

  /// The names of the members that the schema declares at a path, in its order; empty when it
  /// declares none.
  public func propertyNames(at path: [String] = []) -> [String] {
    ShapeQuery(program: program).names(at: path.map { Array($0.utf8) }[...])
  }

  /// Whether a value of a kind may fit, judged by the `type`, `const` and `enum` of the schema.
  func mayBe(_ kind: KindSet, at node: Int32 = 0) -> Bool {
    program.instructions(of: node).allSatisfy { instruction in
      switch instruction {
      case .never: return false
      case .kinds(let kinds): return !kinds.isDisjoint(with: kind)
      case .enumeration(let strings, let others):
        return others.count > 0 || (strings >= 0 && kind.contains(.string))
      case .reference(let target): return mayBe(kind, at: target)
      case .allOf(let list): return program.nodes(in: list).allSatisfy { mayBe(kind, at: $0) }
      case .anyOf(let list), .oneOf(let list):
        return program.nodes(in: list).contains { mayBe(kind, at: $0) }
      default: return true
      }
    }
  }
}
