/// Refuses schemas that apply themselves to the same value again: such a schema would never come to
/// an end.
///
/// What only a dynamic reference may close into a loop is left to the limit on depth while
/// validating.
struct LoopCheck {
  let program: SchemaProgram
  /// Where each node is, for people.
  let places: [String]

  private enum Mark { case new, open, done }

  func run() throws(SchemaError) {
    var marks = [Mark](repeating: .new, count: program.nodes.count)
    for start in program.nodes.indices where marks[start] == .new {
      try walk(from: Int32(start), &marks)
    }
  }

  private func walk(from start: Int32, _ marks: inout [Mark]) throws(SchemaError) {
    var stack: [(node: Int32, next: [Int32])] = [(start, successors(of: start))]
    marks[Int(start)] = .open
    while let top = stack.last {
      guard let child = top.next.last else {
        marks[Int(top.node)] = .done
        stack.removeLast()
        continue
      }
      stack[stack.count - 1].next.removeLast()
      switch marks[Int(child)] {
      case .done: continue
      case .open:
        throw SchemaError(
          .endlessReference, at: places[Int(child)],
          "this schema applies itself to the same value again, without end",
          hint: "a schema may refer to itself only below properties or items")
      case .new:
        marks[Int(child)] = .open
        stack.append((child, successors(of: child)))
      }
    }
  }

  private func successors(of node: Int32) -> [Int32] {
    program.instructions(of: node).flatMap { $0.inPlaceNodes(in: program) }
  }
}
