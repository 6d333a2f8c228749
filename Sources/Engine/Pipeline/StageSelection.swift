public import Pipelines

/// Which stages a run works on. The others only bring in what they have at the provider.
public enum StageSelection: Sendable, Equatable {
  /// All of them.
  case all
  /// None of them: only what was sent is brought in.
  case nothing
  /// One of them.
  case only(String)
  /// One, and those that build on it.
  case from(String)
  /// One, and those that it builds on.
  case until(String)
  /// From one until another: those that build on the first and that the second builds on, both included.
  case between(String, String)

  /// Whether a stage is one of them.
  public func has(_ name: String, of plan: PipelinePlan) -> Bool {
    switch self {
    case .all: true
    case .nothing: false
    case .only(let only): name == only
    case .from(let first): name == first || plan.stage(name, buildsOn: first)
    case .until(let last): name == last || plan.stage(last, buildsOn: name)
    case .between(let first, let last):
      Self.from(first).has(name, of: plan) && Self.until(last).has(name, of: plan)
    }
  }
}

extension PipelinePlan {
  /// Whether one stage reads another, directly or through others.
  public func stage(_ name: String, buildsOn other: String) -> Bool {
    guard let stage = stage(name) else { return false }
    return stage.upstreams.contains { $0 == other || self.stage($0, buildsOn: other) }
  }
}
