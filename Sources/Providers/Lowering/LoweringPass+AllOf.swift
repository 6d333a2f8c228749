internal import Records

extension LoweringPass {
  /// A schema without `allOf`: what its branches say is said in one place, since each branch alone would have to
  /// close its objects and so forbid the properties of the others.
  mutating func mergingAllOf(_ schema: JSONValue, at path: String) -> JSONValue {
    guard let branches = schema["allOf"]?.array else { return schema }
    var members = (schema.members ?? []).filter { $0.key != "allOf" }
    for (position, branch) in branches.enumerated() {
      let branchPath = "\(path)/allOf/\(position)"
      for member in flattened(branch, at: branchPath) {
        merge(member, into: &members, at: branchPath)
      }
    }
    return .object(members)
  }

  /// The members of a branch after its own reference and branches are resolved.
  private mutating func flattened(_ branch: JSONValue, at path: String) -> [JSONValue.Member] {
    var branch = branch
    while let reference = branch["$ref"] {
      guard let (target, _) = resolve(reference, at: path) else { return [] }
      let others = (branch.members ?? []).filter { $0.key != "$ref" }
      branch =
        others.isEmpty ? target : .object(others + [JSONValue.Member("allOf", .array([target]))])
    }
    let merged = mergingAllOf(branch, at: path)
    return (merged.members ?? []).filter { !Self.silentKeywords.contains($0.key) }
  }

  private mutating func merge(
    _ member: JSONValue.Member, into members: inout [JSONValue.Member], at path: String
  ) {
    guard let position = members.firstIndex(where: { $0.key == member.key }) else {
      members.append(member)
      return
    }
    let present = members[position].value
    switch member.key {
    case "properties": members[position].value = Self.union(present, member.value)
    case "required":
      let names = (present.array ?? []) + (member.value.array ?? [])
      var seen: Set<String> = []
      members[position].value = .array(names.filter { seen.insert($0.compact).inserted })
    case "description", "title", "additionalProperties", "default", "examples": break
    default:
      if present.compact.utf8.elementsEqual(member.value.compact.utf8) { return }
      moved.append(LoweringReport.Moved(path: path, keyword: member.key, isDescribed: false))
    }
  }

  /// The properties of both; one that both have must fit both.
  private static func union(_ left: JSONValue, _ right: JSONValue) -> JSONValue {
    var members = left.members ?? []
    for member in right.members ?? [] {
      if let position = members.firstIndex(where: { $0.key.utf8.elementsEqual(member.key.utf8) }) {
        members[position].value = .object([
          "allOf": .array([members[position].value, member.value])
        ])
      } else {
        members.append(member)
      }
    }
    return .object(members)
  }
}
