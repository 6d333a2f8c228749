import Testing

@testable import Providers

struct MoneyTests {
  @Test(arguments: [
    ("0", "$0.00", "0"), ("12.5", "$12.50", "12.5"), ("1.005", "$1.01", "1.005"),
    ("0.1234567", "$0.123", "0.1234567"), ("0.000000005", "$0.000000005", "0.000000005"),
    ("0.00123456", "$0.00123", "0.00123456"), ("999.999", "$1000.00", "999.999"),
    ("0.9999", "$1.00", "0.9999"),
    ("5.000000000000", "$5.00", "5"),
  ])
  func dollars(_ text: String, _ shown: String, _ exact: String) throws {
    let money = try #require(Money(dollars: text))
    #expect(money.description == shown)
    #expect(money.decimal == exact)
    #expect((Money.zero - money).decimal == (text == "0" ? "0" : "-\(exact)"))
  }

  @Test(arguments: ["", ".", "1.", ".5", "-1", "1e3", "0.0000000001", "99999999999", "1,5", "½"])
  func notDollars(_ text: String) {
    #expect(Money(dollars: text) == nil)
  }

  @Test func costsAreExact() throws {
    let catalog = try Catalog.builtIn(of: .anthropic)
    let haiku = try #require(catalog.model("claude-haiku-5-5"))
    let batch = try #require(Cost(haiku, mode: .batch, catalog: catalog))
    #expect(batch.of(input: 1, output: 0).nanodollars == 50)
    var usage = TokenUsage()
    usage.cacheRead = 1
    #expect(batch.of(usage).nanodollars == 5)
    usage.isUSOnly = true
    #expect(batch.of(usage).nanodollars == 6)
    usage.cacheRead = 1000
    #expect(batch.of(usage).nanodollars == 5500)

    usage = TokenUsage()
    usage.input = 10
    usage.cacheWrite5m = 60_000
    usage.cacheRead = 39_990
    usage.output = 100
    #expect(
      batch.of(usage).nanodollars == 10 * 50 + 60_000 * 62 + 60_000 / 2 + 39_990 * 5 + 100 * 250)
    usage.cacheRead += 1
    let above: Int64 = 10 * 250 + 60_000 * 312 + 60_000 / 2 + 39_991 * 25 + 100 * 1250
    #expect(batch.of(usage).nanodollars == above)

    // What does not fit in 64 bits on the way is the same.
    usage.isUSOnly = false
    let one = batch.of(usage)
    usage.input *= 100_000
    usage.output *= 100_000
    usage.cacheRead *= 100_000
    usage.cacheWrite5m *= 100_000
    #expect(batch.of(usage) == one * 100_000)
    // Nonsense of a server is as much as can be counted, and no crash.
    usage.output = 999_999_999_999_999_999
    #expect(batch.of(usage) > one * 100_000)

    let sonnet = try #require(catalog.model("claude-sonnet-4-6"))
    let direct = try #require(Cost(sonnet, mode: .synchronous, catalog: catalog))
    usage = TokenUsage()
    usage.cacheWrite1h = 1_000_000
    #expect(direct.of(usage) == Money(dollars: "6"))
    #expect(direct.of(input: 1_000_000_000, output: 1_000_000_000) == Money(dollars: "18000"))
    let estimate = TokenEstimate(low: 1, likely: 2, high: 1000)
    #expect(direct.reserve(for: estimate, maxTokens: 1000) == Money(dollars: "0.018"))

    let unpriced = try #require(catalog.model("claude-fable-5-2"))
    #expect(Cost(unpriced, mode: .batch, catalog: catalog) == nil)
  }
}
