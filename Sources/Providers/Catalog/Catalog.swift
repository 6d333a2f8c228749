internal import Records

/// What is known of a provider on one day: models, prices, limits.
///
/// Data, not code: it comes from a dated file, and another file can take its place.
public struct Catalog: Sendable {
  /// A provider's limits.
  public struct Limits: Hashable, Sendable {
    /// Requests in a batch.
    public var batchRequests: Int
    /// Bytes of a create call's body.
    public var batchBytes: Int
    /// Bytes of one request in a batch.
    public var requestBytes: Int
    /// What is not done by then expires.
    public var window: Duration
    /// How long results are kept, from the batch's creation.
    public var retention: Duration
    /// Batches on one page of a listing.
    public var listPage: Int
    /// The account's limits by the name of its tier.
    public var tiers: [String: Tier]
  }

  /// An account's limits.
  public struct Tier: Hashable, Sendable {
    /// Calls of the batch API a minute.
    public var batchCallsPerMinute: Int
    /// Requests in all batches that are not done.
    public var queuedRequests: Int
  }

  /// A beta header that changes a limit.
  public struct Beta: Hashable, Sendable {
    /// The header's value.
    public var name: String
    /// The largest `max_tokens` with it, in a batch.
    public var maxOutput: Int
    /// The models it is for.
    public var models: [String]
  }

  /// What an answer schema may hold.
  public struct AnswerSchema: Hashable, Sendable {
    /// The keywords that are accepted.
    public var keywords: Set<String>
    /// The formats that are accepted.
    public var formats: Set<String>
    /// The largest `minItems`.
    public var maxMinItems: Int
    /// The number of properties, in all objects together, that need not be there.
    public var maxOptionalProperties: Int
    /// The number of properties that may be of several types.
    public var maxUnionProperties: Int
    /// What the root must be.
    public var root: Root
    /// The number of properties, in all objects together; nil when that is not limited.
    public var maxProperties: Int?
    /// The number of levels of objects and lists; nil when that is not limited.
    public var maxDepth: Int?
    /// The number of values of all enums together; nil when that is not limited.
    public var maxEnumValues: Int?

    /// What the root of a schema must be.
    public enum Root: String, Hashable, Sendable {
      /// Any schema.
      case any
      /// A schema for objects, and no choice of several.
      case object
    }
  }

  /// Body members that some models do not take.
  public struct ModelRule: Hashable, Sendable {
    /// The members.
    public var parameters: Set<String>
    /// The ids of the models.
    public var models: Set<String>
    /// The number that each member may all the same have, which is the models' own; none by default.
    public var taken: [String: Int]
    /// The effort of reasoning with which they are taken all the same; nil when there is none.
    public var takenWithEffort: String?
    /// The effort when a request does not say; nil when that does not matter.
    public var usualEffort: String?
  }

  /// The provider's kind.
  public var kind: ProviderKind
  /// The day these facts are from, `2026-11-20`.
  public var dated: String
  /// Where they are from.
  public var sources: [String]
  /// The provider's base URL.
  public var baseURL: String
  /// The environment variable that usually holds the key.
  public var keyVariable: String
  /// The API versions known, newest first; none where the provider has no version header.
  public var apiVersions: [String]
  /// The share of the price that a batch pays, in millionths.
  public var batchPriceMillionths: Int64
  /// The share of the price that a batch pays for input read from a cache, in millionths.
  public var batchCacheReadMillionths: Int64
  /// The factor for answers made in one region, in millionths, by the region's name.
  public var geoPriceMillionths: [String: Int64]
  /// The limits.
  public var limits: Limits
  /// The beta headers that change a limit.
  public var betas: [Beta]
  /// Body members that no batch takes.
  public var refusedParameters: Set<String>
  /// Body members that an API version does not take.
  public var refusedParametersByVersion: [String: Set<String>]
  /// Body members that some models do not take.
  public var modelRules: [ModelRule]
  /// What an answer schema may hold.
  public var answerSchema: AnswerSchema
  /// The models, in the file's order.
  public var models: [CatalogModel]

  /// Whether it lists the models that there are; where it lists none, none is unknown.
  public var listsModels: Bool { !models.isEmpty }

  /// What a prefix must have to be cached by any of the models; nil when that is not known of any.
  public var mostMinCacheTokens: Int? { models.compactMap(\.minCacheTokens).max() }

  /// The model with an id or alias; nil when it is not known.
  public func model(_ id: String) -> CatalogModel? {
    models.first { model in
      ([model.id] + model.aliases).contains { $0.utf8.elementsEqual(id.utf8) }
    }
  }

  /// The known model id nearest to one that is not known; nil when none is near.
  public func modelName(near id: String) -> String? {
    NearName.of(id, among: models.flatMap { [$0.id] + $0.aliases })
  }

}

extension Catalog {
  /// The catalogue of a kind that Leaven comes with.
  ///
  /// - Throws: `CatalogError` if the built-in file is wrong, which a test rules out.
  public static func builtIn(of kind: ProviderKind) throws(CatalogError) -> Catalog {
    try Catalog(parsing: kind.catalogBytes)
  }

  /// Reads a catalogue file's bytes.
  ///
  /// - Throws: `CatalogError` naming the first key that is wrong.
  public init(parsing bytes: [UInt8]) throws(CatalogError) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw CatalogError(key: "", sentence: "the catalogue is not JSON: \(error)")
    }
    self = try CatalogReader.catalog(CatalogNode(value))
  }
}
