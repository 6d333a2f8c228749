public import Records

/// How an answer is asked for, as far as that is part of its identity.
///
/// Ids, keys, API versions, cache marks and the schema in lowered form are not.
public struct PlanIdentity: Hashable, Sendable {
  /// The version of this definition; part of the text.
  static let version = 1

  /// The canonical form: compact JSON, keys in order of their bytes.
  public let text: String
  /// The hash of the text.
  public let hash: ContentHash

  /// Describes a plan.
  ///
  /// - Parameters:
  ///   - kind: The provider's kind, `anthropic`.
  ///   - model: The model as the user names it.
  ///   - schema: The answer's schema as the user wrote it; nil without one.
  ///   - maxTokens: The largest answer in tokens that the user asks for.
  ///   - parameters: Further members of the body.
  public init(
    kind: String, model: String, schema: JSONValue?, maxTokens: Int,
    parameters: [JSONValue.Member] = []
  ) {
    let value = JSONValue.object([
      "kind": .string(kind),
      "max_tokens": .number(maxTokens),
      "model": .string(model),
      "parameters": .object(parameters),
      "plan": .number(Self.version),
      "schema": schema ?? .null,
    ])
    text = value.canonical.compact
    hash = ContentHash(of: text)
  }

  /// Two plans are the same when their texts are, byte for byte.
  public static func == (left: PlanIdentity, right: PlanIdentity) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Hashes the text's bytes.
  public func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
