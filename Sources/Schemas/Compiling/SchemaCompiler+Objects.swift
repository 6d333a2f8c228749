internal import Records

/// Keywords about objects.
extension SchemaCompiler {
  mutating func compileObjects(_ reader: KeywordReader) throws(SchemaError) {
    if let count = try reader.count(.minProperties), count > 0 {
      emit(.minProperties(count), .minProperties, reader)
    }
    if let count = try reader.count(.maxProperties) {
      emit(.maxProperties(count), .maxProperties, reader)
    }
    try compileMembers(reader)
    if let schema = reader.schema(.propertyNames) {
      emit(.propertyNames(node(for: schema)), .propertyNames, reader)
    }
    try compileDependencies(reader)
  }

  private mutating func compileMembers(_ reader: KeywordReader) throws(SchemaError) {
    let properties = try reader.schemaMap(.properties)
    let patterns = try reader.schemaMap(.patternProperties)
    let required = try reader.names(.required)
    let additional = reader.schema(.additionalProperties)
    guard properties != nil || patterns != nil || additional != nil || required?.isEmpty == false
    else { return }

    var members = MemberNames()
    for property in properties ?? [] {
      let node = node(for: property.location)
      members.update(property.name) { $0.node = node }
    }
    var beyond: [String] = []
    var bits: UInt64 = 0
    for name in required ?? [] where members[name]?.requiredBit ?? 0 == 0 {
      guard bits != .max else {
        beyond.append(name)
        continue
      }
      let bit = bits &+ 1
      members.update(name) { $0.requiredBit = bit }
      bits |= bit
    }
    var memberPatterns: [MemberPlan.Pattern] = []
    for entry in patterns ?? [] {
      let place = reader.path(of: .patternProperties)
      memberPatterns.append(
        MemberPlan.Pattern(
          pattern: try pattern(entry.name, at: place), node: node(for: entry.location)))
    }
    let keyword: Keyword =
      properties != nil || required == nil ? .properties : .required
    emit(.members(Int32(program.plans.count)), keyword, reader)
    addPlan(members, patterns: memberPatterns, additional: additional, required: bits)
    if !beyond.isEmpty { emit(.required(nameList(beyond)), .required, reader) }
  }

  private mutating func addPlan(
    _ members: MemberNames, patterns: [MemberPlan.Pattern], additional: SchemaLocation?,
    required: UInt64
  ) {
    let firstPattern = Int32(program.memberPatterns.count)
    program.memberPatterns.append(contentsOf: patterns)
    let ranges = members.names.map { pool($0) }
    let firstEntry = Int32(program.entries.count)
    for (range, entry) in zip(ranges, members.entries) {
      program.entries.append(
        MemberPlan.Entry(name: range, node: entry.node, requiredBit: entry.requiredBit))
    }
    let additionalNode = additional.map { node(for: $0) } ?? -1
    program.plans.append(
      MemberPlan(
        names: table(ranges), entries: firstEntry,
        patterns: IndexList(start: firstPattern, count: Int32(patterns.count)),
        additional: additionalNode, required: required))
  }

  private mutating func compileDependencies(_ reader: KeywordReader) throws(SchemaError) {
    if let value = reader.value(.dependentRequired) {
      guard let members = value.members else {
        throw reader.error(.dependentRequired, "an object of arrays of strings")
      }
      for member in members {
        guard let names = KeywordReader.names(member.value) else {
          throw reader.error(.dependentRequired, "an object of arrays of strings")
        }
        emit(
          .dependentRequired(pool(member.key), nameList(names)), .dependentRequired, reader)
      }
    }
    for entry in try reader.schemaMap(.dependentSchemas) ?? [] {
      emit(
        .dependentSchema(pool(entry.name), node: node(for: entry.location)), .dependentSchemas,
        reader)
    }
    for entry in try reader.schemaMap(.dependencies) ?? [] {
      if let value = library.value(at: entry.location), value.array != nil {
        guard let names = KeywordReader.names(value) else {
          throw reader.error(.dependencies, "an object of schemas and arrays of strings")
        }
        emit(.dependentRequired(pool(entry.name), nameList(names)), .dependencies, reader)
      } else {
        emit(
          .dependentSchema(pool(entry.name), node: node(for: entry.location)), .dependencies,
          reader)
      }
    }
  }
}

/// The names that `properties` and `required` mention, each once, compared by bytes.
private struct MemberNames {
  struct Entry {
    var node: Int32 = -1
    var requiredBit: UInt64 = 0
  }

  private(set) var names: [String] = []
  private(set) var entries: [Entry] = []
  private var numbers: [[UInt8]: Int] = [:]

  subscript(name: String) -> Entry? { numbers[Array(name.utf8)].map { entries[$0] } }

  /// Changes the entry of a name, made when it is new.
  mutating func update(_ name: String, _ change: (inout Entry) -> Void) {
    let key = Array(name.utf8)
    if numbers[key] == nil {
      numbers[key] = names.count
      names.append(name)
      entries.append(Entry())
    }
    if let number = numbers[key] { change(&entries[number]) }
  }
}
