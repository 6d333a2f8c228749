/// One step of a compiled schema: one keyword, or a few that are decided together.
///
/// Numbers are indices into the program's tables; -1 stands for none.
enum Instruction: Sendable {
  // Any value
  case never
  case kinds(KindSet)
  case constant(Int32)
  case enumeration(strings: Int32, constants: IndexList)

  // Numbers
  case minimum(PoolRange)
  case maximum(PoolRange)
  case exclusiveMinimum(PoolRange)
  case exclusiveMaximum(PoolRange)
  case multipleOf(Divisor)

  // Strings
  case minLength(Int)
  case maxLength(Int)
  case pattern(Int32)
  case format(Format)
  case content(ContentRule)

  // Objects
  case minProperties(Int)
  case maxProperties(Int)
  case members(Int32)
  /// Names beyond the bits of the member plan, in the program's name list.
  case required(IndexList)
  case propertyNames(Int32)
  case dependentRequired(PoolRange, IndexList)
  case dependentSchema(PoolRange, node: Int32)

  // Arrays
  case minItems(Int)
  case maxItems(Int)
  case uniqueItems
  case elements(prefix: IndexList, rest: Int32)
  case contains(node: Int32, minimum: Int, maximum: Int)

  // The same value again
  case reference(Int32)
  case dynamicReference(Int32)
  case allOf(IndexList)
  case anyOf(IndexList)
  case oneOf(IndexList)
  case not(Int32)
  case conditional(test: Int32, then: Int32, otherwise: Int32)

  // What is left over
  case unevaluatedProperties(Int32)
  case unevaluatedItems(Int32)

  /// The nodes that are applied to the same value, those that only the dynamic scope chooses left
  /// out.
  func inPlaceNodes(in program: SchemaProgram) -> [Int32] {
    switch self {
    case .reference(let node), .not(let node), .dependentSchema(_, let node): [node]
    case .allOf(let list), .anyOf(let list), .oneOf(let list): program.nodes(in: list)
    case .conditional(let test, let then, let otherwise):
      [test, then, otherwise].filter { $0 >= 0 }
    case .dynamicReference(let index): [program.dynamicReferences[Int(index)].initial]
    default: []
    }
  }
}
