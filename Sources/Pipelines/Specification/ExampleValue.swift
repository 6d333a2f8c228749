internal import Records

/// The examples of the specifications, which are written as YAML.
enum ExampleValue {
  /// The example as JSON; nil when it is not YAML, which a test rules out.
  static func json(_ example: String) -> JSONValue? {
    // Every example is YAML: a test reads them all.
    guard let (node, _) = try? YAMLReader.read(Array(example.utf8), file: "example") else {
      return nil
    }
    return node.json
  }
}
