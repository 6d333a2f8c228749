/// A value of a YAML file, with the place where it begins.
///
/// Nothing is interpreted: a scalar is its text and the way it was written. What a scalar means is
/// decided by the key it belongs to, so that `no`, `010` and `1e3` stay text where text is wanted.
public struct YAMLNode: Sendable {
  /// What the value is.
  public enum Content: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping([YAMLPair])
  }

  /// What the value is.
  public let content: Content
  /// Where it begins; of a value that is left out, where its key stands.
  public let place: Place

  /// Creates a node.
  public init(_ content: Content, at place: Place) {
    self.content = content
    self.place = place
  }

  /// The scalar; nil for sequences and mappings.
  public var scalar: YAMLScalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  /// The pairs of a mapping in the order written; nil for other values.
  public var pairs: [YAMLPair]? {
    if case .mapping(let pairs) = content { pairs } else { nil }
  }

  /// The elements of a sequence; nil for other values.
  public var elements: [YAMLNode]? {
    if case .sequence(let elements) = content { elements } else { nil }
  }

  /// The value under a key; nil when there is none or this is no mapping.
  public subscript(_ name: String) -> YAMLNode? { pair(name)?.value }

  /// The pair under a key; nil when there is none or this is no mapping.
  public func pair(_ name: String) -> YAMLPair? {
    pairs?.first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  /// Whether there is no value: nothing written, `~` or `null`.
  public var isNull: Bool { scalar?.isNull ?? false }

  /// What a person would call it: `a mapping`, `a list`, `the text 'x'`.
  var noun: String {
    switch content {
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .scalar(let scalar): scalar.isNull ? "nothing" : "'\(scalar.shownText)'"
    }
  }
}

/// A key of a mapping and its value.
public struct YAMLPair: Sendable {
  /// The key.
  public let name: String
  /// Where the key stands.
  public let place: Place
  /// The value.
  public let value: YAMLNode

  /// Creates a pair.
  public init(_ name: String, at place: Place, value: YAMLNode) {
    self.name = name
    self.place = place
    self.value = value
  }
}
