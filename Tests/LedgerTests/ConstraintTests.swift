import GRDB
import Testing

@testable import Ledger
@testable import Records

/// Rows that cannot be are refused by the database itself.
@Suite struct ConstraintTests {
  let desk: LedgerDesk

  init() throws {
    desk = try LedgerDesk()
    try desk.read([TestRecord("a", "one"), TestRecord("b", "two")])
  }

  static let impossible = [
    // Items.
    "UPDATE items SET state = 1",
    "UPDATE items SET state = 9",
    "UPDATE items SET state = 3, shard_id = NULL",
    "UPDATE items SET state = 2, shard_id = NULL",
    "UPDATE items SET state = 4, content = NULL",
    "UPDATE items SET state = 4, plan_id = NULL",
    "UPDATE items SET state = 5, reason = NULL",
    "UPDATE items SET state = 6",
    "UPDATE items SET state = 7",
    "UPDATE items SET key = 'same'",
    "UPDATE items SET key = NULL",
    // Shards.
    "UPDATE shards SET state = 'new'",
    "UPDATE shards SET request_count = 0",
    "UPDATE shards SET byte_count = 0",
    "UPDATE shards SET wave = 0",
    "UPDATE shards SET last_item = first_item - 1",
    "UPDATE shards SET remote_id = 'batch'",
    "UPDATE shards SET state = 'submitting'",
    "UPDATE shards SET state = 'submitting', intent_at = 1, remote_id = 'batch'",
    "UPDATE shards SET state = 'submitted'",
    "UPDATE shards SET state = 'adopting'",
    "UPDATE shards SET state = 'ended'",
    "UPDATE shards SET state = 'collected'",
    "UPDATE shards SET state = 'settled'",
    // Attempts, answers, results.
    attempt(outcome: "guessed"),
    attempt(number: 0),
    "\(attempt()); \(attempt())",
    "INSERT INTO answers VALUES (1, 'x', 1); INSERT INTO answers VALUES (1, 'x', 2)",
    "INSERT INTO results (file, stored_at) VALUES ('r', 1); INSERT INTO results (file, stored_at) VALUES ('r', 1)",
    // Stages, plans, the ledger itself.
    "UPDATE stages SET read_count = -1",
    "UPDATE stages SET template_hash = 'short'",
    "UPDATE plans SET hash = 'short'",
    "INSERT INTO stages (name) VALUES ('triage')",
    "INSERT INTO ledger SELECT 2, pipeline, pipeline_file, created_at, held_since, is_sandbox FROM ledger",
    "UPDATE ledger SET is_sandbox = 2",
  ]

  private static func attempt(outcome: String = "open", number: Int = 1) -> String {
    """
    INSERT INTO attempts (shard_id, item_id, content, plan_id, number, outcome)
    VALUES (1, 1, 'x', 1, \(number), '\(outcome)')
    """
  }

  @Test(arguments: impossible) func isRefused(sql: String) throws {
    #expect {
      try desk.ledger.queue.write { try $0.execute(sql: sql) }
    } throws: { error in
      (error as? DatabaseError)?.resultCode == .SQLITE_CONSTRAINT
    }
  }

  @Test(arguments: AttemptOutcome.allCases) func everyOutcomeIsStored(outcome: AttemptOutcome)
    throws
  {
    try desk.ledger.queue.write { try $0.execute(sql: Self.attempt(outcome: outcome.rawValue)) }
  }

  @Test(arguments: ShardState.allCases) func everyShardStateIsStored(state: ShardState) throws {
    try desk.ledger.queue.write { database in
      let isFresh = [.packed, .submitting, .exported].contains(state)
      try database.execute(
        sql: """
          UPDATE shards SET state = ?, intent_at = 1, results_file = 'r', lane = 'concurrent', remote_id = ?
          """, arguments: [state.rawValue, isFresh ? nil : "batch"])
    }
    #expect(try desk.ledger.shard(1)?.state == state)
  }
}
