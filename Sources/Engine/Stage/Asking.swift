internal import Ledger
public import Pipelines
public import Providers
internal import Records

/// How a stage asks: what is the same for all its requests.
public struct Asking: Sendable {
  /// Writes the request lines.
  public let builder: RequestBuilder
  /// Looks at each before its shard is closed.
  public let check: RequestCheck
  /// Prices them in a batch; nil when no price is known.
  public let cost: Cost?
  /// Prices them asked one by one; nil when no price is known.
  public let fullCost: Cost?
  /// The code that answers repeat; nil when they need not.
  public let echo: EchoField?
  /// What the provider's form of the answer schema leaves out; nil without a schema.
  public let lowering: LoweringReport?
  /// Prepares a stage's way of asking.
  public init(_ stage: StagePlan, catalog catalogs: Catalogs) {
    let load = stage.load
    let catalog = catalogs[load.provider.kind]
    lowering = load.schema.map { SchemaLowering(catalog.answerSchema).lower($0.written) }
    let echo = load.echoesKey ? EchoField() : nil
    self.echo = echo
    builder = RequestBuilder(
      form: load.provider.form, model: load.model, maxTokens: load.maxTokens,
      schema: lowering.map { echo?.added(to: $0.schema) ?? $0.schema },
      parameters: load.parameters, echo: echo, cache: load.cache)
    var model = stage.catalogModel(in: catalog)
    model.maxOutput = model.longestAnswer(with: load.betas, in: catalog)
    check = RequestCheck(
      builder, model: model, limits: catalog.limits, bodyByteLimit: load.shard.maxBytes)
    cost = Cost(model, mode: .batch, catalog: catalog, cache: load.cache)
    fullCost = Cost(model, mode: .synchronous, catalog: catalog, cache: load.cache)
  }
}

extension Asking {
  /// Prices requests that go one way or the other; nil when no price is known.
  func cost(_ lane: ShardLane) -> Cost? {
    switch lane {
    case .batch: cost
    case .concurrent: fullCost
    }
  }
}

extension StagePlan {
  /// The plan half of the answers' identity.
  var identity: PlanIdentity {
    guard case .asks(let question) = work else {
      return PlanIdentity(kind: "calculated", model: "none", schema: nil, maxTokens: 0)
    }
    let load = question.load
    return PlanIdentity(
      kind: load.provider.kind.rawValue, model: load.model, schema: load.schema?.written,
      maxTokens: load.maxTokens, parameters: load.parameters, betas: load.betas,
      headers: load.headers)
  }

  /// How it asks; nil when it asks nobody.
  func way(_ catalog: Catalogs) -> Asking? {
    calculation == nil ? Asking(self, catalog: catalog) : nil
  }

  /// Makes rows of its records.
  ///
  /// - Parameters:
  ///   - way: How it asks.
  ///   - readsBefore: The fields that were read at the reading before; nil when they are the same now.
  /// - Returns: What makes them.
  func rowMaker(_ way: Asking?, readsBefore: RecordReads? = nil) -> any RowMaker {
    if let calculation { return CalculatedRows(self, calculation, readsBefore: readsBefore) }
    guard let way else { preconditionFailure("a stage that asks knows how") }
    return RequestRenderer(self, way, readsBefore: readsBefore)
  }

  /// What is known of the stage's model, with the pipeline's own price when it has one.
  func catalogModel(in catalog: Catalog) -> CatalogModel {
    let model = catalog.model(load.model) ?? CatalogModel(unlisted: load.model, in: catalog)
    guard let price = load.provider.price else { return model }
    return model.priced(input: price.input, output: price.output)
  }
}
