internal import Foundation
internal import GRDB
public import Records

extension RunLedger {
  /// Remembers whose ledger this is, or checks it.
  func claim(pipeline: String, file: String, isSandbox: IsSandbox, now: Int64) throws {
    try queue.write { database in
      guard let row = try Row.fetchOne(database, sql: "SELECT * FROM ledger") else {
        try database.execute(
          sql: """
            INSERT INTO ledger (id, pipeline, pipeline_file, created_at, is_sandbox)
            VALUES (1, ?, ?, ?, ?)
            """, arguments: [pipeline, file, now, isSandbox.rawValue])
        return
      }
      guard row["is_sandbox"] == isSandbox.rawValue else {
        throw LedgerError(
          .belongsElsewhere, operation: "opening the ledger", path: path,
          sentence: isSandbox == .yes
            ? "this state folder holds a provider's answers, not a sandbox's"
            : "this state folder holds a sandbox's answers, not a provider's",
          hint: "The two are never mixed: name another --state folder.")
      }
      let owner: String = row["pipeline_file"]
      // One file may be reached by several paths: through a link to its folder, say.
      guard owner != file, Self.canonical(owner) != Self.canonical(file) else { return }
      if FileManager.default.fileExists(atPath: owner) {
        throw LedgerError(
          .belongsElsewhere, operation: "opening the ledger", path: path,
          sentence: "the state of pipeline '\(pipeline)' belongs to \(owner)",
          hint:
            "Give one of the two pipelines another name: (top of the file), or another --state folder."
        )
      }
      try database.execute(sql: "UPDATE ledger SET pipeline_file = ?", arguments: [file])
    }
  }

  private static func canonical(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }

  /// Remembers the endpoint of a provider entry, or checks that it still is the same.
  ///
  /// - Throws: `LedgerError.belongsElsewhere` when answers of another endpoint are in this ledger.
  public func bindEndpoint(provider: String, kind: String, origin: String) throws(LedgerError) {
    try change("checking the endpoint") { database in
      let known = try Row.fetchOne(
        database, sql: "SELECT kind, origin FROM endpoints WHERE provider = ?",
        arguments: [provider])
      guard let known else {
        try database.execute(
          sql: "INSERT INTO endpoints VALUES (?, ?, ?)", arguments: [provider, kind, origin])
        return
      }
      guard known["kind"] == kind, known["origin"] == origin else {
        let before: String = known["origin"]
        throw LedgerError(
          .belongsElsewhere, operation: "checking the endpoint", path: path,
          sentence: "this state folder holds answers of \(before), not of \(origin)",
          hint:
            "Answers of one endpoint are never used for another: use another --state folder for "
            + "\(origin), or delete this one to ask everything again.")
      }
    }
  }

  /// The number of the plan with this hash; a new one is stored with its description.
  ///
  /// - Throws: `LedgerError`.
  public func planID(hash: ContentHash, description: String) throws(LedgerError) -> Int64 {
    let select = "SELECT id FROM plans WHERE hash = ?"
    let bytes = Data(hash.bytes)
    let known = try look("looking up the plan") { database in
      try Int64.fetchOne(database, sql: select, arguments: [bytes])
    }
    if let known { return known }
    return try change("storing the plan") { database in
      try database.execute(
        sql: "INSERT INTO plans (hash, description) VALUES (?, ?)", arguments: [bytes, description])
      return database.lastInsertedRowID
    }
  }

  /// The number of a stage, stored when it is new.
  ///
  /// - Throws: `LedgerError`.
  public func stageID(_ name: String) throws(LedgerError) -> Int64 {
    let select = "SELECT id FROM stages WHERE name = ?"
    let known = try look("looking up the stage") { database in
      try Int64.fetchOne(database, sql: select, arguments: [name])
    }
    if let known { return known }
    return try change("storing the stage") { database in
      try database.execute(sql: "INSERT INTO stages (name) VALUES (?)", arguments: [name])
      return database.lastInsertedRowID
    }
  }

  /// Since when the pipeline is on hold (UTC milliseconds), nil when it is not.
  public func heldSince() throws(LedgerError) -> Int64? {
    try look("reading the hold") { try Int64.fetchOne($0, sql: "SELECT held_since FROM ledger") }
  }

  /// Puts the pipeline on hold at a time, or releases it (nil).
  public func hold(since time: Int64?) throws(LedgerError) {
    try change("changing the hold") { database in
      try database.execute(sql: "UPDATE ledger SET held_since = ?", arguments: [time])
    }
  }
}
