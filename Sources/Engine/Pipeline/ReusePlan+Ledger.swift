internal import Ledger
internal import Pipelines

extension ReusePlan {
  /// The same for the ledger's decisions.
  var ledgerPolicy: ReusePolicy {
    let policies: [(Policy, ChangeCauses)] = [
      (template, .template), (model, .model), (schema, .schema), (parameters, .parameters),
    ]
    var policy = ReusePolicy()
    for (name, cause) in policies {
      switch name {
      case .ask: continue
      case .keep: policy.kept.insert(cause)
      case .revalidate: policy.revalidated.insert(cause)
      }
    }
    return policy
  }
}
