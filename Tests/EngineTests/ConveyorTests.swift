import Testing

@testable import Engine

@Suite struct ConveyorTests {
  struct Trouble: Error {}

  @Test func whatGoesWrongComesBehindTheBatches() async throws {
    let conveyor = Conveyor([1, 2])
    conveyor.put(3)
    conveyor.end(Trouble())
    for expected in 1...3 { #expect(try await conveyor.take() == expected) }
    await #expect(throws: Trouble.self) { try await conveyor.take() }
  }

  @Test func theEndIsNil() async throws {
    let conveyor = Conveyor(["a"])
    conveyor.end()
    #expect(try await conveyor.take() == "a")
    #expect(try await conveyor.take() == nil)
  }

  @Test func aCanceledTaskDoesNotWait() async {
    let conveyor = Conveyor<Int>()
    let waiting = Task { try await conveyor.take() }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
  }
}
