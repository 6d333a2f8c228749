public import Records

extension YAMLNode {
  /// The value as JSON: scalars as `YAMLScalar.json` reads them, mappings in the order written.
  public var json: JSONValue {
    switch content {
    case .scalar(let scalar): scalar.json
    case .sequence(let elements): .array(elements.map(\.json))
    case .mapping(let pairs): .object(pairs.map { .init($0.name, $0.value.json) })
    }
  }
}
