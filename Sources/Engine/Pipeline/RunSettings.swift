public import Providers

/// What a program gives a run: everything that is not in the pipeline file and not the run's own to take.
public struct RunSettings: Sendable {
  /// The state root.
  public var stateRoot: String
  /// Prices, limits and models.
  public var catalog: Catalogs
  /// Looks up an environment variable.
  public var variable: @Sendable (String) -> String?
  /// The machine's clock, in UTC milliseconds.
  public var now: @Sendable () -> Int64
  /// Where the providers' base URLs are overridden, whatever their kind: `--base-url`.
  public var baseURL: String?
  /// Where the base URL of one kind is overridden: a sandbox has a root for each.
  public var baseURLs: [ProviderKind: String] = [:]
  /// The key that is sent instead of the environment's: a sandbox's.
  public var sandboxKey: String?
  /// Whether standard input holds the records of a stage that reads it, and is to be spooled; else what was spooled
  /// before counts.
  public var spoolsStandardInput = false
  /// Where standard input was spooled for a look; nil for where runs keep it.
  public var standardInput: String?
  /// Whether sources are read whole, whatever `since` says.
  public var readsEverything = false
  /// Whether asking again for accepted answers beyond the limit was agreed to; asks when it is nil.
  public var reaskAnswer: Bool?
  /// Whether the rest is to be sent although what went first was not good enough.
  public var canaryAnswer: Bool?
  /// Whether the first request of an unused model, schema and parameters goes alone at a sandbox, too, where nothing is
  /// at stake.
  public var rehearsesCanary = false
  /// Asks a person whether to ask again for `count` accepted answers, at about `cost`; nil when there is no
  /// terminal.
  public var askReask: (@Sendable (_ stage: String, _ reask: Reask) -> Bool)?
  /// The stages that the run works on.
  public var selection = StageSelection.all
  /// How many requests of each stage a forecast keeps for the provider to count.
  var countedRequests = 0
  /// What the provider counted, by stage.
  var counts: [String: TokenCounting] = [:]
  /// Hears of what the run does.
  public var report: @Sendable (RunEvent) -> Void

  /// Creates settings with nothing overridden.
  public init(
    stateRoot: String, catalog: Catalogs, variable: @escaping @Sendable (String) -> String?,
    now: @escaping @Sendable () -> Int64, report: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.stateRoot = stateRoot
    self.catalog = catalog
    self.variable = variable
    self.now = now
    self.report = report
  }
}
