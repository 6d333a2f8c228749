/// A regular expression compiled for a search that is linear in the text.
///
/// All ways through the expression are followed at once, so no text makes it slow. Where it looks
/// ahead or behind, the inner expression is first run over the whole text, once, in the opposite
/// direction of looking: that tells for each place whether the look succeeds.
struct PatternProgram: Sendable {
  enum Operation: Sendable {
    case scalar(UInt32)
    case set(Int32)
    case split(Int32, Int32)
    case jump(Int32)
    case start
    case end
    case wordBoundary(isNegated: Bool)
    case look(Int32, isNegated: Bool)
    case match
  }

  /// An expression that is looked for, ahead or behind.
  struct Look: Sendable {
    var entry: Int32
    var isBehind: Bool
  }

  /// Longer programs are refused; counted repetitions are written out.
  static let operationLimit = 20_000

  /// The expression as written.
  let source: String
  private(set) var operations: [Operation] = []
  private(set) var sets: [ScalarSet] = []
  /// Inner looks come before those around them.
  private(set) var looks: [Look] = []
  private(set) var entry: Int32 = 0
  /// Whether a match can only begin at the start of the text.
  private(set) var isAnchored = false

  /// Compiles an expression.
  init(_ source: String) throws(PatternError) {
    self.source = source
    var parser = PatternParser(source, strictness: .tolerant)
    let node = try parser.parse()
    entry = try compileSection(node, isReversed: false)
    isAnchored = Self.beginsAtStart(node)
  }

  /// Appends a section that ends in a match; returns where it begins.
  ///
  /// The sections of looks come first.
  private mutating func compileSection(
    _ node: PatternNode, isReversed: Bool
  ) throws(PatternError) -> Int32 {
    let prepared = try compileLooks(in: node)
    let entry = Int32(operations.count)
    try append(prepared, isReversed: isReversed)
    operations.append(.match)
    return entry
  }

  private static func beginsAtStart(_ node: PatternNode) -> Bool {
    switch node {
    case .start: true
    case .sequence(let nodes): nodes.first.map(beginsAtStart) ?? false
    case .alternatives(let nodes): nodes.allSatisfy(beginsAtStart)
    default: false
    }
  }

  // MARK: Looks

  /// A node whose looks are compiled and replaced by their numbers.
  private indirect enum Prepared {
    case plain(PatternNode)
    case sequence([Prepared])
    case alternatives([Prepared])
    case repetition(Prepared, minimum: Int, maximum: Int?)
    case look(Int32, isNegated: Bool)
  }

  private mutating func compileLooks(in node: PatternNode) throws(PatternError) -> Prepared {
    switch node {
    case .sequence(let nodes): return .sequence(try compileLooks(in: nodes))
    case .alternatives(let nodes): return .alternatives(try compileLooks(in: nodes))
    case .repetition(let inner, let minimum, let maximum):
      return .repetition(try compileLooks(in: inner), minimum: minimum, maximum: maximum)
    case .look(let isBehind, let isNegated, let inner):
      let entry = try compileSection(inner, isReversed: !isBehind)
      looks.append(Look(entry: entry, isBehind: isBehind))
      return .look(Int32(looks.count - 1), isNegated: isNegated)
    case .backreference:
      throw PatternError(
        sentence: "refers back to a group, which cannot be decided in linear time",
        isUnsupported: true)
    default: return .plain(node)
    }
  }

  private mutating func compileLooks(
    in nodes: [PatternNode]
  ) throws(PatternError) -> [Prepared] {
    var result: [Prepared] = []
    for node in nodes { result.append(try compileLooks(in: node)) }
    return result
  }

  // MARK: Operations

  private mutating func append(_ node: Prepared, isReversed: Bool) throws(PatternError) {
    guard operations.count < Self.operationLimit else {
      throw PatternError(
        sentence: "is too large when its counted repetitions are written out", isUnsupported: true)
    }
    switch node {
    case .plain(let plain): append(plain)
    case .sequence(let nodes):
      for inner in isReversed ? nodes.reversed() : nodes {
        try append(inner, isReversed: isReversed)
      }
    case .alternatives(let nodes): try append(alternatives: nodes, isReversed: isReversed)
    case .repetition(let inner, let minimum, let maximum):
      try append(
        repetition: inner, minimum: minimum, maximum: maximum, isReversed: isReversed)
    case .look(let number, let isNegated):
      operations.append(.look(number, isNegated: isNegated))
    }
  }

  private mutating func append(_ node: PatternNode) {
    switch node {
    case .scalar(let value): operations.append(.scalar(value))
    case .set(let set):
      operations.append(.set(Int32(sets.count)))
      sets.append(set)
    case .start: operations.append(.start)
    case .end: operations.append(.end)
    case .wordBoundary(let isNegated): operations.append(.wordBoundary(isNegated: isNegated))
    case .empty: break
    case .sequence, .alternatives, .repetition, .look, .backreference:
      preconditionFailure("nodes with inner nodes are prepared first")
    }
  }

  private mutating func append(
    alternatives nodes: [Prepared], isReversed: Bool
  ) throws(PatternError) {
    var jumps: [Int] = []
    for (position, node) in nodes.enumerated() {
      let split = operations.count
      let isLast = position == nodes.count - 1
      if !isLast { operations.append(.split(Int32(split + 1), 0)) }
      try append(node, isReversed: isReversed)
      guard !isLast else { break }
      jumps.append(operations.count)
      operations.append(.jump(0))
      operations[split] = .split(Int32(split + 1), Int32(operations.count))
    }
    for jump in jumps { operations[jump] = .jump(Int32(operations.count)) }
  }

  private mutating func append(
    repetition node: Prepared, minimum: Int, maximum: Int?, isReversed: Bool
  ) throws(PatternError) {
    for _ in 0..<minimum {
      let before = operations.count
      try append(node, isReversed: isReversed)
      // What is empty once is empty any number of times.
      if operations.count == before { return }
    }
    guard let maximum else {
      let split = operations.count
      operations.append(.split(0, 0))
      try append(node, isReversed: isReversed)
      operations.append(.jump(Int32(split)))
      operations[split] = .split(Int32(split + 1), Int32(operations.count))
      return
    }
    var splits: [Int] = []
    for _ in minimum..<max(minimum, maximum) {
      splits.append(operations.count)
      operations.append(.split(Int32(operations.count + 1), 0))
      try append(node, isReversed: isReversed)
      if operations.count == (splits.last ?? 0) + 1 { break }
    }
    for split in splits {
      operations[split] = .split(Int32(split + 1), Int32(operations.count))
    }
  }
}
