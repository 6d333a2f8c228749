/// Lets a few programs run at a time: tests run all at once, and on a small machine a hundred programs would starve
/// each other. Shared by all tests, that is why it is an actor.
actor Turnstile {
  static let programs = Turnstile(places: 3)

  private var places: Int
  private var queue: [CheckedContinuation<Void, Never>] = []

  init(places: Int) { self.places = places }

  /// Does work when there is room for it.
  nonisolated func pass<Value: Sendable>(_ work: () async throws -> Value) async rethrows -> Value {
    await enter()
    do {
      let value = try await work()
      await leave()
      return value
    } catch {
      await leave()
      throw error
    }
  }

  private func enter() async {
    if places > 0 {
      places -= 1
    } else {
      await withCheckedContinuation { queue.append($0) }
    }
  }

  private func leave() {
    if queue.isEmpty {
      places += 1
    } else {
      queue.removeFirst().resume()
    }
  }
}
