internal import Records

/// Turns a schema and what it refers to into a program.
///
/// Nodes are numbered when first referred to and filled in from a list of what is left, so that
/// schemas may refer to each other in any way.
struct SchemaCompiler {
  /// Larger schemas are refused: it is more than any person or program writes.
  static let nodeLimit = 100_000
  /// So many mistakes are looked for.
  private static let errorLimit = 20

  var library: SchemaLibrary
  var program = SchemaProgram()
  var warnings: [SchemaWarning] = []
  /// The mistakes; the program means something only when there are none.
  private(set) var errors: [SchemaError] = []
  let assertsFormats: Bool
  private var nodeByLocation: [SchemaLocation: Int32] = [:]
  private var locations: [SchemaLocation] = []
  private var patternBySource: [[UInt8]: Int32] = [:]

  init(_ schema: JSONValue, options: SchemaOptions) throws(SchemaError) {
    library = try SchemaLibrary(schema, options: options)
    assertsFormats = options.formats == .assertion
  }

  /// Compiles everything that can be reached from the schema; what is wrong is in `errors`.
  mutating func compile() {
    _ = node(for: SchemaLocation(document: 0, pointer: SchemaPointer()))
    var next = 0
    while next < locations.count, errors.count < Self.errorLimit {
      fill(Int32(next))
      next += 1
      if next > Self.nodeLimit {
        errors.append(
          SchemaError(.tooLarge, at: "#", "the schema has more than \(Self.nodeLimit) subschemas"))
        return
      }
    }
    guard errors.count < Self.errorLimit else { return }
    resolveDynamicCandidates(from: next)
    do throws(SchemaError) {
      try LoopCheck(program: program, places: locations.map(library.path(of:))).run()
    } catch {
      errors.append(error)
    }
  }

  /// The node of a location, numbered now and filled later.
  mutating func node(for location: SchemaLocation) -> Int32 {
    if let known = nodeByLocation[location] { return known }
    let index = Int32(locations.count)
    nodeByLocation[location] = index
    locations.append(location)
    var node = SchemaProgram.Node()
    node.resource = Int32(library.resource(of: location))
    program.nodes.append(node)
    return index
  }

  private mutating func fill(_ index: Int32) {
    let location = locations[Int(index)]
    let path = library.path(of: location)
    program.nodes[Int(index)].first = Int32(program.instructions.count)
    switch library.value(at: location) {
    case .bool(true)?: break
    case .bool(false)?: emit(.never, at: path)
    case .object(let members)?:
      let resource = library.resources[library.resource(of: location)]
      let reader = KeywordReader(
        members: members, location: location, dialect: resource.dialect, path: path)
      noteDoubts(in: reader)
      compileWhatIsRight(reader)
      program.nodes[Int(index)].tracksEvaluation =
        reader.value(.unevaluatedItems) != nil || reader.value(.unevaluatedProperties) != nil
    default:
      errors.append(
        SchemaError(.notASchema, at: path, "a schema is an object, true or false"))
    }
    program.nodes[Int(index)].end = Int32(program.instructions.count)
  }

  /// Compiles the keywords of one schema. After a mistake, once more without the keyword that has it: the others may
  /// have mistakes, too.
  private mutating func compileWhatIsRight(_ reader: KeywordReader) {
    let start = program.instructions.count
    var reader = reader
    while errors.count < Self.errorLimit {
      do throws(SchemaError) {
        return try compile(reader)
      } catch {
        errors.append(error)
        program.instructions.removeSubrange(start...)
        program.places.removeSubrange(start...)
        // Beside a reference that stands alone nothing counts.
        let isAlone = reader.dialect.referenceStandsAlone && reader.value(.ref) != nil
        guard !isAlone, let rest = reader.without(keywordAt: error.schemaPath) else { return }
        reader = rest
      }
    }
  }

  /// The keywords of one schema, cheap ones first, those that need the others' outcome last.
  private mutating func compile(_ reader: KeywordReader) throws(SchemaError) {
    if reader.dialect.referenceStandsAlone, reader.value(.ref) != nil {
      try compileReferences(reader)
      return
    }
    try compileTypes(reader)
    try compileNumbers(reader)
    try compileStrings(reader)
    try compileObjects(reader)
    try compileArrays(reader)
    try compileReferences(reader)
    try compileCombinations(reader)
    if let schema = reader.schema(.unevaluatedProperties) {
      emit(.unevaluatedProperties(node(for: schema)), .unevaluatedProperties, reader)
    }
    if let schema = reader.schema(.unevaluatedItems) {
      emit(.unevaluatedItems(node(for: schema)), .unevaluatedItems, reader)
    }
  }

  // MARK: Writing tables

  mutating func emit(_ instruction: Instruction, at place: String) {
    program.instructions.append(instruction)
    program.places.append(place)
  }

  mutating func emit(_ instruction: Instruction, _ keyword: Keyword, _ reader: KeywordReader) {
    emit(instruction, at: reader.path(of: keyword))
  }

  mutating func pool(_ text: String) -> PoolRange {
    let range = PoolRange(start: Int32(program.pool.count), count: Int32(text.utf8.count))
    program.pool.append(contentsOf: text.utf8)
    return range
  }

  mutating func list(_ elements: [Int32]) -> IndexList {
    let list = IndexList(start: Int32(program.lists.count), count: Int32(elements.count))
    program.lists.append(contentsOf: elements)
    return list
  }

  mutating func nodes(for locations: [SchemaLocation]) -> IndexList {
    var nodes: [Int32] = []
    for location in locations { nodes.append(node(for: location)) }
    return list(nodes)
  }

  /// Names as a list of indices into the program's names.
  mutating func nameList(_ names: [String]) -> IndexList {
    let first = Int32(program.names.count)
    for name in names { program.names.append(pool(name)) }
    return list((0..<Int32(names.count)).map { first + $0 })
  }

  /// A table of distinct names.
  mutating func table(_ ranges: [PoolRange]) -> NameTable {
    var table = NameTable(
      start: Int32(program.names.count), count: Int32(ranges.count),
      slots: Int32(program.slots.count), mask: 0)
    program.names.append(contentsOf: ranges)
    guard ranges.count > NameTable.orderedLimit else { return table }
    var size = 16
    while size < ranges.count * 2 { size *= 2 }
    table.mask = Int32(size - 1)
    var slots = [Int32](repeating: -1, count: size)
    for (number, range) in ranges.enumerated() {
      let hash = Array(program.bytes(range)).withUnsafeBufferPointer { NameTable.hash($0) }
      var slot = hash & (size - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = Int32(number)
    }
    program.slots.append(contentsOf: slots)
    return table
  }

  /// The compiled form of a regular expression; equal ones share it.
  mutating func pattern(_ source: String, at place: String) throws(SchemaError) -> Int32 {
    let key = Array(source.utf8)
    if let known = patternBySource[key] { return known }
    let index = Int32(program.patterns.count)
    do {
      program.patterns.append(try PatternProgram(source))
    } catch {
      throw SchemaError(
        error.isUnsupported ? .unsupportedPattern : .badPattern, at: place,
        "the pattern \(JSONValue.string(source).compact) \(error.sentence)", hint: error.hint)
    }
    patternBySource[key] = index
    return index
  }

  // MARK: Dynamic references

  /// Adds the nodes that a dynamic reference may lead to; they may bring in more dynamic
  /// references.
  private mutating func resolveDynamicCandidates(from start: Int) {
    var next = start
    var rounds = -1
    while rounds != locations.count {
      rounds = locations.count
      for index in program.dynamicReferences.indices {
        guard let name = dynamicNames[index] else { continue }
        var candidates: [DynamicReference.Candidate] = []
        for (number, resource) in library.resources.enumerated() {
          guard let location = resource.dynamicAnchors[name] else { continue }
          candidates.append(.init(resource: Int32(number), node: node(for: location)))
        }
        program.dynamicReferences[index].candidates = candidates
      }
      while next < locations.count, errors.count < Self.errorLimit {
        fill(Int32(next))
        next += 1
      }
    }
  }

  /// For each dynamic reference, the name that the dynamic scope is searched for.
  var dynamicNames: [[UInt8]?] = []
}
