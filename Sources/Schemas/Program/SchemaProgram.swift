/// A compiled schema: flat tables, indexed by the instructions.
///
/// Nothing in it changes after compiling.
struct SchemaProgram: Sendable {
  /// A schema: a run of instructions over one value.
  struct Node: Sendable {
    var first: Int32 = 0
    var end: Int32 = 0
    /// The resource it belongs to, for the dynamic scope.
    var resource: Int32 = 0
    /// Whether it must know which members or elements its keywords have looked at.
    var tracksEvaluation = false
  }

  /// Node 0 is the schema itself.
  var nodes: [Node] = []
  var instructions: [Instruction] = []
  /// For each instruction, where its keyword stands: for reports only.
  var places: [String] = []
  var plans: [MemberPlan] = []
  var entries: [MemberPlan.Entry] = []
  var memberPatterns: [MemberPlan.Pattern] = []
  /// The names of all tables; a name's number is its place in its table.
  var names: [PoolRange] = []
  var slots: [Int32] = []
  var tables: [NameTable] = []
  /// Lists of nodes, of constants and of names.
  var lists: [Int32] = []
  var constants: [Constant] = []
  var patterns: [PatternProgram] = []
  var dynamicReferences: [DynamicReference] = []
  /// Names and the texts of numbers.
  var pool: [UInt8] = []

  /// Whether resources entered must be remembered.
  var usesDynamicScope: Bool { !dynamicReferences.isEmpty }

  func nodes(in list: IndexList) -> [Int32] {
    Array(lists[Int(list.start)..<Int(list.start + list.count)])
  }

  func bytes(_ range: PoolRange) -> ArraySlice<UInt8> {
    pool[Int(range.start)..<Int(range.start + range.count)]
  }

  func text(_ range: PoolRange) -> String { String(decoding: bytes(range), as: UTF8.self) }

  /// The instructions of a node.
  func instructions(of node: Int32) -> ArraySlice<Instruction> {
    instructions[Int(nodes[Int(node)].first)..<Int(nodes[Int(node)].end)]
  }
}
