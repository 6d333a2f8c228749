internal import GRDB

/// A run: from the first thing sent to the last output merged. Times are UTC milliseconds, money is nano-dollars.
public struct RunRecord: Sendable, Equatable {
  /// Its number in this ledger.
  public let id: Int64
  /// When it had something to send first.
  public let startedAt: Int64
  /// When nothing was left to do; nil while it goes on.
  public let endedAt: Int64?
  /// What its settled requests cost.
  public let spentNano: Int64
  /// What is set aside for its shards at the provider.
  public let reservedNano: Int64
  /// The most that these can cost.
  public let worstNano: Int64
  /// All that was ever set aside in it, settled shards included.
  public let setAsideNano: Int64
}

extension RunRecord {
  /// Everything that is known of runs, in the order of `init(row:)`.
  static let columns = """
    r.id, r.started_at, r.ended_at, coalesce(sum(s.cost_nano), 0) AS spent,
    coalesce(sum(iif(\(ShardState.listAtProvider("s.state")), max(s.reserved_nano - s.cost_nano, 0), 0)), 0)
      AS reserved,
    coalesce(sum(iif(\(ShardState.listAtProvider("s.state")), max(s.worst_nano - s.cost_nano, 0), 0)), 0)
      AS worst,
    coalesce(sum(iif(s.state NOT IN ('packed', 'discarded'), s.reserved_nano, 0)), 0) AS set_aside
    """

  init(row: Row) {
    self.init(
      id: row["id"], startedAt: row["started_at"], endedAt: row["ended_at"],
      spentNano: row["spent"], reservedNano: row["reserved"], worstNano: row["worst"],
      setAsideNano: row["set_aside"])
  }
}

extension ShardState {
  /// Whether money is set aside for a shard in this state: the provider may have it, or it is not known.
  public var isAtProvider: Bool {
    switch self {
    case .submitting, .adopting, .unknown, .submitted, .ended, .collected, .asking: true
    case .packed, .settled, .exported, .discarded: false
    }
  }

  /// The same as a condition on a column.
  fileprivate static func listAtProvider(_ column: String) -> String {
    let states = allCases.filter(\.isAtProvider).map { "'\($0.rawValue)'" }
    return "\(column) IN (\(states.joined(separator: ", ")))"
  }
}
