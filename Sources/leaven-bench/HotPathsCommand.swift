internal import ArgumentParser
internal import Records

/// Times the hot paths on generated data and prints one JSON object: nanoseconds a record and megabytes a second, the median of
/// several rounds. Whole jobs beside their peers: scripts/bench; each language beside its peers: scripts/bench-languages.
struct HotPathsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hot-paths", abstract: "Times the hot paths on generated data.")

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
