import Testing

@testable import Providers

struct CatalogTests {
  @Test func theBuiltInCatalogueIsRead() throws {
    let catalog = try Catalog.builtIn(of: .anthropic)
    #expect(catalog.dated == "2026-11-20")
    #expect(catalog.apiVersions.first == "2026-10-21")
    #expect(catalog.models.count == 18)
    let haiku = try #require(catalog.model("claude-haiku-5-5"))
    #expect(haiku.prices(promptTokens: 100_000)?.input == 100_000_000)
    #expect(haiku.prices(promptTokens: 100_001)?.input == 500_000_000)
    #expect(catalog.model("claude-haiku-4-5-20251001")?.id == "claude-haiku-4-5")
    #expect(catalog.modelName(near: "claude-haiku-4.5") == "claude-haiku-4-5")
    #expect(catalog.modelName(near: "gpt-6") == nil)
  }
}
