import Testing

@testable import Pipelines

@Suite struct CloseNameTests {
  @Test(arguments: [
    ("promt", "prompt"), ("max_token", "max_tokens"), ("sumary", "summary"), ("Title", "title"),
    ("titel", "title"),
  ])
  func findsTheNameThatWasMeant(_ typed: String, _ meant: String) {
    #expect(CloseName.of(typed, in: ["prompt", "max_tokens", "summary", "title", "id"]) == meant)
  }

  @Test(arguments: ["x", "budget", "", "zz"])
  func findsNothingFarAway(_ typed: String) {
    #expect(CloseName.of(typed, in: ["prompt", "max_tokens", "a", "id"]) == nil)
  }
}
