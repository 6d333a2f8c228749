internal import Records
internal import Yams

/// Reads one YAML document into nodes with places.
///
/// The language is YAML 1.2's core without its traps: scalars stay text (see `YAMLScalar`), keys
/// are text and unique, there is one document, and aliases cannot expand without end. Anchors,
/// aliases and `<<` work.
struct YAMLReader {
  /// Files above this many bytes are refused: 4 MB.
  static let byteLimit = 4 << 20
  /// More values than this, aliases expanded, are refused.
  static let nodeLimit = 100_000
  /// Deeper nesting than this is refused.
  static let depthLimit = 64

  private let file: String
  private let source: SourceText
  private(set) var diagnostics: [Diagnostic] = []
  private var nodeCount = 0

  private init(file: String, source: SourceText) {
    self.file = file
    self.source = source
  }

  /// Reads a file's bytes.
  ///
  /// - Returns: The document's root and the text that its places are in.
  /// - Throws: `PipelineProblems` with everything that is wrong with the YAML.
  static func read(_ bytes: [UInt8], file: String) throws(PipelineProblems) -> (
    YAMLNode, SourceText
  ) {
    let source = try YAMLDecoding.text(bytes, file: file)
    var reader = YAMLReader(file: file, source: source)
    guard let root = reader.compose(source.text) else {
      if reader.diagnostics.isEmpty {
        reader.report(.emptyFile, at: .start, "the file holds no YAML value")
      }
      throw PipelineProblems(reader.diagnostics)
    }
    let node = reader.node(root, depth: 0, keyPlace: nil)
    guard reader.diagnostics.isEmpty, let node else { throw PipelineProblems(reader.diagnostics) }
    return (node, source)
  }

  /// Adds an error.
  mutating func report(
    _ code: DiagnosticCode, at place: Place, _ sentence: String, hint: String? = nil
  ) {
    diagnostics.append(Diagnostic(file: file, at: place, code: code, sentence, hint: hint))
  }

  /// The document's root; nil when there is none, or when the text is no YAML (which is reported).
  ///
  /// The parser names only the first of two equal keys, and stops there. So the first is given
  /// another name of the same length in a copy of the text, which moves nothing, and the copy is
  /// read again, until every key is unique.
  private mutating func compose(_ text: String) -> Node? {
    var masking = KeyMasking(source)
    while true {
      do {
        let parser = try Parser(yaml: masking.text, resolver: .basic, encoding: .utf8)
        let root = try parser.singleRoot()
        if let root { diagnostics += masking.duplicates(in: root, file: file) }
        return root
      } catch YamlError.duplicatedKeysInMapping(let names, let context) {
        let place = Place(context.mark)
        guard masking.mask(keyAt: place) else {
          report(
            .duplicateKey, at: place, "the key '\(names.first ?? "")' stands twice in one mapping")
          return nil
        }
      } catch {
        let (place, sentence, hint) = YAMLSyntaxProblem.describe(error, in: source)
        report(.yamlSyntax, at: place, sentence, hint: hint)
        return nil
      }
    }
  }

  /// A node and all below it; nil when it cannot be used, which is reported.
  private mutating func node(_ node: Node, depth: Int, keyPlace: Place?) -> YAMLNode? {
    nodeCount += 1
    let place = node.mark.map(Place.init) ?? keyPlace ?? .start
    guard nodeCount <= Self.nodeLimit else {
      if nodeCount == Self.nodeLimit + 1 {
        report(
          .yamlUnsupported, at: keyPlace ?? place,
          "the file holds more than \(Self.nodeLimit) values once its aliases are expanded")
      }
      return nil
    }
    guard depth < Self.depthLimit else {
      report(.yamlUnsupported, at: place, "values are nested more than \(Self.depthLimit) deep")
      return nil
    }
    switch node {
    case .scalar(let scalar): return self.scalar(scalar, at: place, keyPlace: keyPlace)
    case .sequence(let sequence):
      guard accepts(sequence.tag, at: place) else { return nil }
      let elements = sequence.compactMap { self.node($0, depth: depth + 1, keyPlace: nil) }
      return YAMLNode(.sequence(elements), at: place)
    case .mapping(let mapping):
      guard accepts(mapping.tag, at: place) else { return nil }
      return YAMLNode(.mapping(pairs(mapping, depth: depth)), at: place)
    case .alias(let alias):
      report(.yamlSyntax, at: place, "the alias '*\(alias.anchor.rawValue)' has no anchor")
      return nil
    }
  }

  /// Whether a tag says nothing new; reports it otherwise.
  private mutating func accepts(_ tag: Tag, at place: Place) -> Bool {
    let tag = tag.description
    if ["", "!", Tag.Name.str.rawValue].contains(tag) { return true }
    report(
      .yamlUnsupported, at: place,
      "the tag '\(YAMLReader.shortTag(tag))' is not used in pipeline files",
      hint: "leave the tag out: what a value means is decided by its key")
    return false
  }

  private mutating func scalar(_ scalar: Node.Scalar, at place: Place, keyPlace: Place?)
    -> YAMLNode?
  {
    guard accepts(scalar.tag, at: place) else { return nil }
    let isTagged = scalar.tag.description != Tag.Name.implicit.rawValue
    let style: YAMLScalar.Style =
      switch scalar.style {
      case .singleQuoted: .singleQuoted
      case .doubleQuoted: .doubleQuoted
      case .literal: .literal
      case .folded: .folded
      case .plain, .any: .plain
      }
    let value = YAMLScalar(scalar.string, style: style, isText: isTagged || style != .plain)
    return YAMLNode(.scalar(value), at: value.isNull ? keyPlace ?? place : place)
  }

  private mutating func pairs(_ mapping: Node.Mapping, depth: Int) -> [YAMLPair] {
    var pairs: [YAMLPair] = []
    var merged: [YAMLPair] = []
    for (key, value) in mapping {
      let keyPlace = key.mark.map(Place.init) ?? .start
      guard case .scalar(let name) = key else {
        reportKey(key, at: keyPlace)
        continue
      }
      guard let value = node(value, depth: depth + 1, keyPlace: keyPlace) else { continue }
      if name.style == .plain, name.string == "<<" {
        merged += pairsMerged(from: value, at: keyPlace)
      } else {
        pairs.append(YAMLPair(name.string, at: keyPlace, value: value))
      }
    }
    for pair in merged where !pairs.contains(where: { $0.name == pair.name }) { pairs.append(pair) }
    return pairs
  }

  /// The pairs that `<<: *anchor` or `<<: [*a, *b]` brings; what stands earlier wins.
  private mutating func pairsMerged(from value: YAMLNode, at place: Place) -> [YAMLPair] {
    let parts = value.elements ?? [value]
    guard parts.allSatisfy({ $0.pairs != nil }) else {
      report(.yamlUnsupported, at: place, "'<<' takes a mapping or a list of mappings")
      return []
    }
    return parts.flatMap { $0.pairs ?? [] }
  }

  private mutating func reportKey(_ key: Node, at place: Place) {
    let isTemplate = source.line(place.line).dropFirst(max(0, place.column - 2)).starts(
      with: "{{".unicodeScalars)
    if isTemplate {
      report(
        .yamlSyntax, at: Place(line: place.line, column: place.column - 1),
        "a value that begins with '{{' is a mapping to YAML",
        hint: "put the template in double quotes, or in a block after '|'")
    } else {
      report(.yamlUnsupported, at: place, "a key must be text, not \(YAMLReader.noun(key))")
    }
  }

  private static func noun(_ node: Node) -> String {
    switch node {
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .scalar, .alias: "a value"
    }
  }

  private static func shortTag(_ tag: String) -> String {
    let standard = "tag:yaml.org,2002:"
    return tag.hasPrefix(standard) ? "!!\(tag.dropFirst(standard.count))" : tag
  }
}

extension Place {
  init(_ mark: Mark) {
    self.init(line: mark.line, column: mark.column)
  }
}
