internal import Records

/// What a message batch was created with.
struct AnthropicTerms: Hashable, Sendable {
  /// The `anthropic-version` of the create call; it holds for every row.
  let version: String
  /// Whether it came with the beta header that allows 300,000 output tokens.
  let allowsLongOutput: Bool

  init(version: String, allowsLongOutput: Bool) {
    self.version = version
    self.allowsLongOutput = allowsLongOutput
  }

  init(_ json: JSONValue) {
    version = json["version"]?.string ?? APIVersion.newest
    allowsLongOutput = json["long_output"]?.bool ?? false
  }

  var members: [JSONValue.Member] {
    [.init("version", .string(version)), .init("long_output", .bool(allowsLongOutput))]
  }
}
