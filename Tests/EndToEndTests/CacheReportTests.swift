import Records
import Testing

/// What the provider's cache did, as people and programs are told.
@Suite struct CacheReportTests {
  @Test func statusAndTheEndOfARunTellTheSame() async throws {
    let bench = try Bench.withTickets(30)
    let plain = try bench.text(of: "small.yaml")
    try await bench.runSmall()
    func stage() async throws -> JSONValue {
      let outcome = try await bench.leaven("status", "--json", "--sandbox", "small.yaml")
      return try #require(try JSONValue(parsing: outcome.out)["stages"]?.array?.first)
    }
    #expect(try await stage()["cache"] == .null)
    // 18,200 characters: more than the 4,096 tokens that the model caches at least.
    let cached = plain.replacing(
      "    transform:\n",
      with: "    transform:\n      system: \"{{ 'Name the label that fits. ' * 700 }}\"\n"
    ).replacing("      canary: 0\n", with: "      canary: 0\n      cache: 1h\n")
    try bench.write(cached, to: "small.yaml")
    let run = try await bench.runSmall("--accept-reask")
    #expect(run.status == 0, "\(run.said)")
    let line = try #require(
      run.err.split(separator: "\n").first { $0.hasPrefix("  cache: ") }, "\(run.err)")
    #expect(line.hasSuffix(" saved"), "\(line)")
    let status = try await bench.leaven("status", "--sandbox", "small.yaml")
    #expect(status.out.contains("  \(line)\n"), "\(status.out)")
    let cache = try #require(try await stage()["cache"])
    let (read, written) = (cache["read_tokens"]?.int ?? 0, cache["written_tokens"]?.int ?? 0)
    #expect(read > 0 && written > 0 && (cache["input_tokens"]?.int ?? 0) > read + written)
    // Nano-dollars a token of claude-haiku-4-5 in a batch: 500 plain, 1,000 written for an hour, 50 read.
    let saved = Double(read * 450 - written * 500)
    #expect(abs((cache["saved_usd"]?.double ?? 0) * 1e9 - saved) < 1)
  }
}
