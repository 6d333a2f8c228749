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
  ///   - betas: The beta headers sent, in any order.
  ///   - headers: Further headers sent, in any order.
  public init(
    kind: String, model: String, schema: JSONValue?, maxTokens: Int,
    parameters: [JSONValue.Member] = [], betas: [String] = [], headers: [JSONValue.Member] = []
  ) {
    var members: [JSONValue.Member] = [
      .init("kind", .string(kind)), .init("max_tokens", .number(maxTokens)),
      .init("model", .string(model)), .init("parameters", .object(parameters)),
      .init("plan", .number(Self.version)), .init("schema", schema ?? .null),
    ]
    // A plan without them is the one that it was before there were any.
    if !betas.isEmpty {
      members.append(.init("betas", .array(Set(betas).sorted().map { .string($0) })))
    }
    if !headers.isEmpty { members.append(.init("headers", .object(headers))) }
    text = JSONValue.object(members).canonical.compact
    hash = ContentHash(of: text)
  }

  /// Two plans are the same when their texts are, byte for byte.
  public static func == (left: PlanIdentity, right: PlanIdentity) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Hashes the text's bytes.
  public func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
