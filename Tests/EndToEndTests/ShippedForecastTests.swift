import Foundation
import Records
import TestSupport
import Testing

/// `leaven plan` on the shipped pipelines, with its sums done again by hand: from the requests that `leaven export` writes, the
/// catalogue's rates and prices, and nothing of the program's own arithmetic.
@Suite struct ShippedForecastTests {
  /// Nano-dollars of a token of claude-haiku-4-5 in a batch: half of 1 and of 5 dollars a million.
  private static let price = (input: 500, output: 2500)
  /// Thousandths of a token of a character, by its bytes in UTF-8: low, likely, high.
  private static let rates = [
    [200, 250, 360], [350, 500, 800], [500, 750, 1200], [1000, 1600, 3000],
  ]

  /// Input tokens of a request line: low, likely, high.
  private static func tokens(_ line: Substring) throws -> [Int] {
    let params = try #require(try JSONValue(parsing: String(line))["params"])
    var texts = [params["system"]?.string].compactMap(\.self)
    texts += (params["messages"]?.array ?? []).compactMap { $0["content"]?.string }
    // The texts as they stand in the line, and all that follows the last turn.
    var counted = texts.map { String(JSONValue.string($0).compact.dropFirst().dropLast()) }
    if let format = params["output_config"] {
      counted.append("],\"output_config\":\(format.compact)}}")
    }
    if params["output_config"] == nil { counted.append("]}}") }
    var sums = [0, 0, 0]
    for scalar in counted.joined().unicodeScalars {
      let rate = rates[scalar.utf8.count - 1]
      for place in 0..<3 { sums[place] += rate[place] }
    }
    return sums.map { ($0 + 999) / 1000 }
  }

  private func plan(_ bench: Bench, _ name: String) async throws -> JSONValue {
    let outcome = try await bench.leaven("plan", "--json", "pipelines/\(name).yaml")
    #expect(outcome.status == 0, "\(outcome.said)")
    return try JSONValue(parsing: outcome.out)
  }

  /// Input tokens of all exported requests of a pipeline, and their number.
  private func exported(
    _ bench: Bench, _ name: String
  ) async throws -> (tokens: [Int], requests: Int) {
    let outcome = try await bench.leaven("export", "pipelines/\(name).yaml", "--to", "requests")
    #expect(outcome.status == 0, "\(outcome.said)")
    var sums = [0, 0, 0]
    var count = 0
    for file in outcome.out.split(separator: "\n") {
      let text = try String(contentsOf: URL(fileURLWithPath: String(file)), encoding: .utf8)
      for line in text.split(separator: "\n") {
        let tokens = try Self.tokens(line)
        for place in 0..<3 { sums[place] += tokens[place] }
        count += 1
      }
    }
    return (sums, count)
  }

  @Test(arguments: [("tickets", 200, 3080, 1), ("tracks", 200, 3453, 1), ("rag", 512, 232, 3)])
  func theSumsAreRight(
    _ name: String, _ maxTokens: Int, _ requests: Int, _ shards: Int
  ) async throws {
    let bench = try Bench.withShippedFiles()
    let stage = try #require(try await plan(bench, name)["stages"]?.array?.first)
    let total = try #require(stage["total"])
    let (tokens, count) = try await exported(bench, name)
    #expect(count == requests && total["requests"]?.int == requests)
    #expect(stage["shards"]?.int == shards && stage["waves"]?.int == 1)
    let lengths = [(maxTokens + 9) / 10, maxTokens / 2, maxTokens]
    for (place, level) in ["low", "likely", "high"].enumerated() {
      #expect(total["input_tokens"]?[level]?.int == tokens[place], "\(level)")
      #expect(total["output_tokens"]?[level]?.int == lengths[place] * count, "\(level)")
      let nano = tokens[place] * Self.price.input + lengths[place] * count * Self.price.output
      let cost = try #require(total["cost_usd"]?[level]?.double)
      #expect(abs(cost * 1e9 - Double(nano)) < 2, "\(level)")
      let full = try #require(stage["synchronous_usd"]?[level]?.double)
      #expect(abs(full * 1e9 - Double(2 * nano)) < 4, "\(level)")
    }
    #expect(total["most_usd"]?.double == total["cost_usd"]?["high"]?.double)
  }

  @Test func whatFollowsAnotherStageIsReckonedAsItSays() async throws {
    let bench = try Bench.withShippedFiles()
    let plan = try await plan(bench, "rag")
    let stages = try #require(plan["stages"]?.array)
    let above = try #require(stages[0]["total"])
    let input = try #require(above["input_tokens"]?["likely"]?.int)
    let output = try #require(above["output_tokens"]?["likely"]?.int)
    let expected = try #require(stages[1]["downstream"]?["forecast"])
    // Each of the 232 passages may be asked about, with what was asked and answered above as its input.
    #expect(expected["requests"]?.int == 232)
    #expect(expected["input_tokens"]?["likely"]?.int == (input + output) / 232 * 232)
    #expect(expected["output_tokens"]?["likely"]?.int == 150 * 232)
    #expect(plan["verdict"]?["advice"]?.string == "batch")
    #expect(plan["verdict"]?["rounds"]?.int == 2)
  }

  @Test func aDeadlineSaysHowOftenToRun() async throws {
    let bench = try Bench.withTickets(400, shard: 500, top: "deadline: 36h")
    func verdict() async throws -> JSONValue {
      let outcome = try await bench.leaven("plan", "--json", "small.yaml")
      return try #require(try JSONValue(parsing: outcome.out)["verdict"])
    }
    let fits = try await verdict()
    #expect(fits["advice"]?.string == "batch")
    #expect(fits["cadence_hours"]?.int == 12 && fits["deadline_hours"]?.int == 36)
    try bench.writePipeline(shard: 500, top: "deadline: 6h")
    let late = try await verdict()
    #expect(late["advice"]?.string == "concurrent" && late["cadence_hours"] == .null)
    try bench.write(Bench.tickets(1...20), to: "tickets.csv")
    #expect(try await verdict()["advice"]?.string == "do-not-batch")
  }
}
