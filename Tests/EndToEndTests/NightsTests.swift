import Foundation
import Records
import Testing

/// Night after night over a table that changes a little: each night asks what changed, and nothing else, and ends with
/// what a run from scratch would have written.
@Suite struct NightsTests {
  /// How many records the table begins with: LEAVEN_NIGHTS_RECORDS, as scripts/nights sets it, else few enough for a debug
  /// build.
  private static let size =
    ProcessInfo.processInfo.environment["LEAVEN_NIGHTS_RECORDS"].flatMap(Int.init) ?? 200

  /// A table and what was asked about it.
  private struct Table {
    var rows: [(id: String, text: String, note: String)] = []
    var gone: [(id: String, text: String, note: String)] = []
    var asked: Set<String> = []
    var random: SeededRandom
    var number = 0

    mutating func add() {
      number += 1
      rows.append(("r\(number)", Bench.ticket(number), "n"))
    }

    mutating func change(_ share: Double) {
      let count = max(1, Int(Double(rows.count) * share))
      for _ in 0..<count {
        let place = Int.random(in: 0..<rows.count, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1, 2:
          number += 1
          rows[place].text = Bench.ticket(number)
        case 3: rows[place].note += "x"
        case 4 where rows.count > 10: gone.append(rows.remove(at: place))
        case 5 where !gone.isEmpty: rows.append(gone.removeLast())
        case 6:
          number += 1
          rows.append(("r\(number)", rows[place].text, "twin"))
        default: add()
        }
      }
      if Int.random(in: 0..<3, using: &random) == 0 { rows.shuffle(using: &random) }
    }

    /// How many texts are new to the provider.
    mutating func ask() -> Int {
      let before = asked.count
      for row in rows { asked.insert(row.text) }
      return asked.count - before
    }

    var csv: String {
      rows.reduce(into: "id,text,note\n") { $0 += "\($1.id),\"\($1.text)\",\($1.note)\n" }
    }
  }

  @Test(arguments: [1, 2])
  func tenNights(_ seed: UInt64) async throws {
    let bench = try Bench.withTickets(1, shard: 2000)
    let provider = try SandboxProcess(bench)
    let scratch = try SandboxProcess(bench, ["--virtual", "--dir", "scratch-sandbox"])
    var table = Table(random: SeededRandom(state: seed))
    for _ in 0..<Self.size { table.add() }
    var billed = 0
    for night in 0...10 {
      if night > 0 { table.change(0.03) }
      try bench.write(table.csv, to: "tickets.csv")
      let new = table.ask()
      let plan = try JSONValue(
        parsing: try await bench.leaven("plan", "--sandbox", "--json", "small.yaml").out)
      #expect(plan["total"]?["requests"]?.int == new, "night \(night)")
      try await run(bench, against: provider, state: "nights")
      let rows = try await provider.meter().rows
      #expect(rows - billed == new, "night \(night)")
      billed = rows
      let output = try bench.text(of: "out/labelled.sandbox.csv")
      try FileManager.default.removeItem(atPath: bench.path("out/labelled.sandbox.csv"))
      try await run(bench, against: scratch, state: "scratch-\(night)")
      let fresh = try bench.text(of: "out/labelled.sandbox.csv")
      let isSame = output == fresh
      #expect(isSame, "night \(night): the output is not that of a run from scratch")
      try bench.write(output, to: "out/labelled.sandbox.csv")
    }
    await provider.stop()
    await scratch.stop()
  }

  private func run(_ bench: Bench, against provider: SandboxProcess, state: String) async throws {
    // `plan --sandbox` looks where a run against a sandbox keeps its state.
    let root = state == "nights" ? ".leaven" : state
    let outcome = try await bench.leaven(
      ["run", "--base-url", provider.baseURL, "--state", root, "small.yaml"],
      variables: ["ANTHROPIC_API_KEY": "sk-test"], limit: .seconds(600))
    #expect(outcome.status == 0, "\(outcome.said)")
  }
}

/// SplitMix64.
private struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
