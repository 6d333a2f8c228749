internal import Records

/// What the plans of earlier answers have different from the plan of a reading.
final class PlanChanges {
  private let plan: Int64
  private let description: RawStatement
  private let current: JSONValue?
  private var known: [Int64: ChangeCauses] = [:]

  /// Learns the plan of the reading.
  ///
  /// - Throws: `DatabaseError`.
  init(_ connection: SQLiteConnection, plan: Int64) throws {
    self.plan = plan
    description = try connection.prepare("SELECT description FROM plans WHERE id = ?")
    current = try Self.read(plan, description)
  }

  /// What changed since an answer was asked for under another plan; nothing under the same.
  ///
  /// - Throws: `DatabaseError`.
  func causes(since other: Int64) throws -> ChangeCauses {
    guard other != plan, other != 0 else { return [] }
    if let causes = known[other] { return causes }
    let causes = Self.differences(try Self.read(other, description), current)
    known[other] = causes
    return causes
  }

  private static func read(_ plan: Int64, _ description: RawStatement) throws -> JSONValue? {
    description.bind(plan, at: 1)
    defer { description.reset() }
    guard try description.step(), let text = description.text(0) else { return nil }
    // A plan that is no JSON (no release wrote one) differs in its parameters.
    return try? JSONValue(parsing: text)
  }

  private static func differences(_ before: JSONValue?, _ now: JSONValue?) -> ChangeCauses {
    var causes: ChangeCauses = []
    if before?["model"] != now?["model"] || before?["kind"] != now?["kind"] {
      causes.insert(.model)
    }
    if before?["schema"] != now?["schema"] { causes.insert(.schema) }
    let others = { (plan: JSONValue?) in
      plan?.members?.filter { !["model", "kind", "schema"].contains($0.key) }
    }
    if others(before) != others(now) || causes.isEmpty { causes.insert(.parameters) }
    return causes
  }
}
