/// Lays what `defaults` says under what stages say.
///
/// Mappings with known keys are joined key by key, and what the stage writes wins; everything else
/// is taken whole. A default that means nothing for a stage (a delimiter for JSONL, another kind of
/// source, `merge` for a stage without one) is left aside.
enum StageDefaults {
  /// The file with the defaults in every stage. `defaults` itself stays, to be checked.
  static func applied(to root: YAMLNode) -> YAMLNode {
    guard let pairs = root.pairs, let defaults = root["defaults"], defaults.pairs != nil,
      let stages = root["stages"], let stagePairs = stages.pairs
    else { return root }
    let filled = stagePairs.map { stage in
      YAMLPair(stage.name, at: stage.place, value: joined(stage.value, under: defaults, .stage))
    }
    return YAMLNode(
      .mapping(
        pairs.map { pair in
          guard pair.name == "stages" else { return pair }
          return YAMLPair(
            pair.name, at: pair.place, value: YAMLNode(.mapping(filled), at: stages.place))
        }), at: root.place)
  }

  /// Whether a stage that does not have a section gets it from the defaults: only one that asks, and says so by not
  /// calculating, gets `load`, and none gets `merge`.
  private static func isMeant(_ section: String, for stage: YAMLNode) -> Bool {
    switch section {
    case "load": stage["transform"]?.pair("set") == nil
    case "merge": false
    default: true
    }
  }

  private static func joined(
    _ node: YAMLNode, under defaults: YAMLNode, _ section: SectionSpec
  ) -> YAMLNode {
    guard let written = node.pairs, let defaultPairs = defaults.pairs else { return node }
    var pairs = written.map { pair in
      guard case .section(let inner)? = section.field(pair.name)?.type,
        let below = defaults[pair.name]
      else { return pair }
      return YAMLPair(pair.name, at: pair.place, value: joined(pair.value, under: below, inner))
    }
    let hasChoice = section.exactlyOne.contains { node.pair($0) != nil }
    let choice = section.exactlyOne.first { node.pair($0) ?? defaults.pair($0) != nil }
    for pair in defaultPairs where node.pair(pair.name) == nil {
      guard let field = section.field(pair.name) else { continue }
      if hasChoice, section.exactlyOne.contains(pair.name) { continue }
      if !field.goesWith.isEmpty {
        let means = field.goesWith.contains { name in
          choice.map { $0 == name } ?? (node.pair(name) ?? defaults.pair(name) != nil)
        }
        guard means else { continue }
      }
      if case .section = field.type, section.title == SectionSpec.stage.title,
        !isMeant(pair.name, for: node)
      {
        continue
      }
      pairs.append(pair)
    }
    return YAMLNode(.mapping(pairs), at: node.place)
  }
}
