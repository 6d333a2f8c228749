internal import ArgumentParser
internal import Providers
internal import Records
internal import Schemas
internal import Templates

/// Times the hot paths on generated data and prints one JSON object: nanoseconds a record and megabytes a second, the median of
/// several rounds. Whole jobs beside their peers: scripts/bench.
@main
struct LeavenBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leaven-bench", abstract: "Times Leaven's hot paths; prints JSON.")

  @Option(help: "Records a round.")
  var records = 100_000

  @Option(help: "Rounds; the median counts.")
  var rounds = 5

  func validate() throws {
    if records < 1 || rounds < 1 { throw ValidationError("--records and --rounds are at least 1") }
  }

  func run() throws {
    let data = BenchData(records: records)
    let paths: [(String, Int, () throws -> Void)] = [
      ("parse_json", data.chunkBytes, { try HotPaths.parse(data) }),
      ("render", data.chunkBytes, { try HotPaths.render(data) }),
      ("validate_answers", data.answerBytes, { try HotPaths.validate(data) }),
      ("read_results", data.resultBytes, { try HotPaths.readResults(data) }),
    ]
    let rows = try paths.map { name, byteCount, body in
      JSONValue.Member(name, try Timing.median(of: rounds, body).row(records, byteCount))
    }
    print(JSONValue.object(rows).compact)
  }
}

/// A median time.
struct Timing {
  private let nanoseconds: Int64

  /// Runs work once to warm up, then `rounds` times.
  static func median(of rounds: Int, _ body: () throws -> Void) throws -> Timing {
    try body()
    var times: [Int64] = []
    for _ in 0..<rounds {
      let time = try ContinuousClock().measure(body)
      times.append(
        time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000)
    }
    return Timing(nanoseconds: times.sorted()[rounds / 2])
  }

  /// The figures for so many records and bytes.
  func row(_ records: Int, _ byteCount: Int) -> JSONValue {
    .object([
      "records": .number(records), "bytes": .number(byteCount),
      "ns_per_record": .number(Int(nanoseconds) / records),
      "mb_per_s": .number(byteCount * 1000 / max(1, Int(nanoseconds))),
    ])
  }
}
