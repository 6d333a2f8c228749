internal import Pipelines
internal import Providers
internal import Records

/// The providers of a plan, ready to be called.
struct Connection {
  let providers: [String: ProviderSession]
  /// The sessions of stages that send headers of their own, by the stage's name.
  let stages: [String: ProviderSession]
  let clock: RunClock
  let isSandbox: Bool

  /// Finds the keys and, where an address is not the provider's own, asks whether a sandbox is there.
  init(_ plan: PipelinePlan, _ settings: RunSettings) async throws {
    let client = HTTPClient()
    var calls: [(ProviderPlan, ProviderAddress, any BatchProvider)] = []
    for provider in plan.providers {
      let address = try Self.address(provider, settings)
      guard let batches = provider.kind.batches(at: address, client: client) else {
        throw RunError.badEndpoint(provider: provider.name, url: address.baseURL)
      }
      calls.append((provider, address, batches))
    }
    var sandbox: HTTPOrigin?
    for (provider, _, batches) in calls
    where batches.baseURL != settings.catalog[provider.kind].baseURL {
      if try await Self.isSandbox(batches, settings) { sandbox = batches.origin }
    }
    let clock = try await Self.clock(sandbox, client, settings)
    var sessions: [String: ProviderSession] = [:]
    for (provider, address, batches) in calls {
      sessions[provider.name] = ProviderSession(
        provider, batches, provider.kind.messages(at: address),
        provider.kind.counter(at: address, client: client), clock: clock,
        isSandbox: sandbox != nil, report: settings.report)
    }
    self.clock = clock
    providers = sessions
    stages = try Self.sessions(of: plan, sessions, client, settings)
    isSandbox = sandbox != nil || settings.sandboxKey != nil
  }

  /// The same endpoints again for stages whose calls carry headers of their own.
  private static func sessions(
    of plan: PipelinePlan, _ providers: [String: ProviderSession], _ client: HTTPClient,
    _ settings: RunSettings
  ) throws(RunError) -> [String: ProviderSession] {
    var sessions: [String: ProviderSession] = [:]
    for stage in plan.stages where stage.calculation == nil && stage.load.hasHeaders {
      let provider = stage.load.provider
      var address = try address(provider, settings)
      address.betas = stage.load.betas
      for header in stage.load.headers {
        address.headers.append((header.key, header.value.string ?? ""))
      }
      guard let batches = provider.kind.batches(at: address, client: client),
        let session = providers[provider.name]
      else { throw RunError.badEndpoint(provider: provider.name, url: address.baseURL) }
      sessions[stage.name] = session.calling(
        batches, provider.kind.messages(at: address),
        provider.kind.counter(at: address, client: client))
    }
    return sessions
  }

  private static func address(
    _ provider: ProviderPlan, _ settings: RunSettings
  ) throws(RunError) -> ProviderAddress {
    let key = try Self.key(of: provider, settings)
    let url = settings.baseURLs[provider.kind] ?? settings.baseURL ?? provider.baseURL
    return ProviderAddress(
      baseURL: url, key: key, apiVersion: provider.apiVersion, form: provider.form)
  }

  private static func key(
    of provider: ProviderPlan, _ settings: RunSettings
  ) throws(RunError) -> APIKey? {
    if let secret = settings.sandboxKey { return APIKey(secret) }
    guard let variable = provider.keyVariable else { return nil }
    guard let key = settings.variable(variable).flatMap({ APIKey($0) }) else {
      throw RunError.noKey(provider: provider.name, variable: variable)
    }
    return key
  }

  private static func isSandbox(
    _ calls: any BatchProvider, _ settings: RunSettings
  ) async throws(ProviderError) -> Bool {
    var random = SystemRandomNumberGenerator()
    let facts = try await BackoffPolicy().run(
      on: RunClock(machine: settings.now), random: &random
    ) { () throws(ProviderError) in try await calls.probe() }
    return facts.isSandbox
  }

  private static func clock(
    _ sandbox: HTTPOrigin?, _ client: HTTPClient, _ settings: RunSettings
  ) async throws(ProviderError) -> RunClock {
    guard let sandbox else { return RunClock(machine: settings.now) }
    let remote = SandboxClock(origin: sandbox, client: client)
    let reading = try await remote.reading()
    guard reading.isVirtual else { return RunClock(machine: settings.now) }
    return RunClock(virtual: remote, now: reading.now)
  }
}

extension LoadPlan {
  fileprivate var hasHeaders: Bool { !betas.isEmpty || !headers.isEmpty }
}

extension ProviderSession {
  /// The same session with other calls.
  fileprivate func calling(
    _ batches: any BatchProvider, _ messages: (any MessageProvider)?, _ counter: TokenCounter?
  ) -> ProviderSession {
    ProviderSession(
      name: name, kind: kind, origin: origin, account: account, batches: batches,
      messages: messages, counter: counter, clock: clock, backoff: backoff, isSandbox: isSandbox,
      report: report)
  }

  /// Makes an endpoint ready.
  init(
    _ provider: ProviderPlan, _ batches: any BatchProvider, _ messages: (any MessageProvider)?,
    _ counter: TokenCounter?, clock: RunClock, isSandbox: Bool,
    report: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.init(
      name: provider.name, kind: provider.kind.rawValue, origin: batches.origin.description,
      account: "\(provider.kind.rawValue) \(batches.origin)", batches: batches,
      messages: messages, counter: counter, clock: clock,
      backoff: BackoffPolicy(), isSandbox: isSandbox, report: report)
  }

  /// The origin that the ledger is bound to. A sandbox's port changes from start to start, and its state lies
  /// beside the ledger or is the user's affair, so all sandboxes are one endpoint.
  var ledgerOrigin: String { isSandbox ? "sandbox" : origin }
}
