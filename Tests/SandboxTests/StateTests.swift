import Foundation
import Records
import Sandbox
import TestSupport
import Testing

/// What outlives a process, and what does not start.
@Suite struct StateTests {
  @Test func aRestartGoesOnInTheSameTime() async throws {
    let scratch = try ScratchDirectory()
    let path = scratch.path("state")
    let id = try await SandboxClient.with({ $0.directory = path }) { (client) async throws in
      let id = try await client.batch(["a": params("Hello")])
      _ = try await client.call(
        "POST", "/sandbox/clock", "{\"advance_to_ms\": \(SandboxClient.startMs + 500)}")
      return id
    }
    try await SandboxClient.with({ $0.directory = path }) { (client) async throws in
      let clock = try await client.call("GET", "/sandbox/clock").json
      #expect(clock.compact == "{\"now_ms\":\(SandboxClient.startMs + 500),\"mode\":\"virtual\"}")
      #expect(try await client.retrieve(id)["processing_status"] == .string("in_progress"))
      try await client.advance(hours: 1)
      #expect(try await client.results(id).rows.count == 1)
      #expect(try await client.batch(["a": params("Hello")]) != id)
      #expect(try await client.journal().compactMap { $0["number"]?.int } == [1, 2, 3, 4])
    }
    try await SandboxClient.with({ $0.directory = path }) { (client) async throws in
      let meter = try await client.meter()
      #expect(try await client.results(id).rows.count == 1)
      #expect(meter["rows_billed"]?.int == 1)
    }
  }

  @Test func faultsAreCountedAcrossRestarts() async throws {
    let scratch = try ScratchDirectory()
    let script = Array(#"{"calls": [{"route": "list", "calls": {"nth": 2}, "status": 500}]}"#.utf8)
    for status in [200, 500, 200] {
      try await SandboxClient.with({ configuration in
        configuration.directory = scratch.path("state")
        configuration.faults = try FaultScript(parsing: script, name: "f")
      }) { (client) async throws in
        let answer = try await client.call("GET", "messages/batches")
        #expect(answer.status == status)
      }
    }
  }

  @Test func whatAKilledProcessLeftIsPutRight() async throws {
    let scratch = try ScratchDirectory()
    let path = scratch.path("state")
    let id = try await SandboxClient.with({ $0.directory = path }) { (client) async throws in
      try await client.batch(["a": params("Hello")])
    }
    for name in ["events.jsonl", "journal.jsonl"] {
      try scratch.write(
        try scratch.bytes(of: "state/\(name)") + Array(#"{"event":"dele"#.utf8), to: "state/\(name)"
      )
    }
    try scratch.write("torn", to: "state/batches/incoming-9.jsonl")
    try scratch.write("torn", to: "state/batches/\(id).results.jsonl.part")
    try await SandboxClient.with({ $0.directory = path }) { (client) async throws in
      try await client.advance(hours: 1)
      #expect(try await client.results(id).rows.count == 1)
      #expect(try await client.batch(["b": params("Again")]) != id)
    }
    try await SandboxClient.with({ $0.directory = path }) { (client) async throws in
      let page = try await client.call("GET", "messages/batches").json
      #expect(page["data"]?.array?.count == 2)
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.path("state/batches/incoming-9.jsonl")))
  }

  @Test func aDamagedStateIsRefused() async throws {
    let scratch = try ScratchDirectory()
    try scratch.write("{\"event\":\"invented\",\"at_ms\":1}\n", to: "state/events.jsonl")
    var configuration = SandboxConfiguration()
    configuration.directory = scratch.path("state")
    let server = SandboxServer(configuration)
    let error = await #expect(throws: SandboxError.self) { try await server.start() }
    #expect(error?.code == .stateUnusable)
  }

  @Test func resultsThatVanishedAreNoEmptyResults() async throws {
    let scratch = try ScratchDirectory()
    try await SandboxClient.with({ $0.directory = scratch.path("state") }) {
      (client) async throws in
      let id = try await client.batch(["a": params("Hello")])
      try await client.advance(hours: 1)
      let path = scratch.path("state/batches/\(id).results.jsonl")
      try FileManager.default.removeItem(atPath: path)
      let answer = try await client.results(id)
      #expect(answer.status == 500 && answer.message.contains("cannot read"))
    }
  }

  @Test func twoSandboxesDoNotShareADirectory() async throws {
    let scratch = try ScratchDirectory()
    let path = scratch.path("state")
    try await SandboxClient.with({ $0.directory = path }) { _ in
      var configuration = SandboxConfiguration()
      configuration.directory = path
      let server = SandboxServer(configuration)
      let error = await #expect(throws: SandboxError.self) { try await server.start() }
      #expect(error?.code == .stateInUse)
    }
  }

  @Test func aTakenPortIsSaid() async throws {
    try await SandboxClient.with { (client) async throws in
      var configuration = SandboxConfiguration()
      configuration.port = client.server.port ?? 0
      let server = SandboxServer(configuration)
      let error = await #expect(throws: SandboxError.self) { try await server.start() }
      #expect(error?.code == .portInUse)
      #expect(error?.hint.contains("--port") == true)
    }
  }

  @Test func theClockMovesForwardOnly() async throws {
    try await SandboxClient.with { (client) async throws in
      func post(_ body: String) async throws -> SandboxClient.Answer {
        try await client.call("POST", "/sandbox/clock", body)
      }
      let later = SandboxClient.startMs + 1000
      #expect(try await post("{\"advance_to_ms\": \(later)}").json["now_ms"]?.int == Int(later))
      #expect(try await post("{\"advance_to_ms\": 5}").json["now_ms"]?.int == Int(later))
      #expect(try await post("{}").status == 400)
    }
    try await SandboxClient.with({ $0.clock = .wall }) { (client) async throws in
      let moved = try await client.call("POST", "/sandbox/clock", "{\"advance_to_ms\": 5}")
      let clock = try await client.call("GET", "/sandbox/clock").json
      #expect(moved.status == 400)
      #expect(clock["mode"] == .string("wall"))
    }
  }

  @Test func aFastClockRunsByItself() async throws {
    let wall = SteppedClock()
    try await SandboxClient.with({ configuration in
      configuration.clock = .virtual(speed: 3600)
      configuration.wallClock = { wall.next() }
    }) { (client) async throws in
      let id = try await client.batch(["a": params("Hello")])
      for _ in 0..<3 { _ = try await client.call("GET", "/sandbox/clock") }
      #expect(try await client.retrieve(id)["processing_status"] == .string("ended"))
    }
  }

  @Test func theJournalHasNoKeys() async throws {
    try await SandboxClient.with { (client) async throws in
      _ = try await client.call(
        "GET", "messages/batches?limit=3", headers: ["x-api-key": "sk-secret-1"])
      let answer = try await client.call("GET", "/sandbox/journal")
      #expect(!answer.text.contains("sk-secret-1"))
      let entry = answer.rows.first
      #expect(entry?["route"] == .string("list") && entry?["status"]?.int == 200)
      #expect(entry?["query"] == .string("limit=3") && entry?["key"]?.string?.count == 8)
    }
  }

  @Test func theMeterCountsWhatIsPaid() async throws {
    try await SandboxClient.with { (client) async throws in
      _ = try await client.outcome(["a": params("Same"), "b": params("Same"), "c": params("")])
      _ = try await client.outcome(["a": params("Same")])
      _ = try await client.call("POST", "messages", params("Same"))
      let meter = try await client.meter()
      #expect(meter["batches_created"]?.int == 2)
      #expect(meter["rows_billed"]?.int == 3 && meter["messages_billed"]?.int == 1)
      #expect(meter["per_custom_id"]?.compact == #"{"a":2,"b":1}"#)
      #expect(meter["most_per_custom_id"]?.int == 2 && meter["most_per_body"]?.int == 4)
      // One token in, six out: 1 + 6 × 5 micro-dollars, half of that in a batch.
      #expect(meter["message_micro_dollars"]?.int == 31)
      #expect(meter["batch_micro_dollars"]?.int == 46)
    }
  }
}
