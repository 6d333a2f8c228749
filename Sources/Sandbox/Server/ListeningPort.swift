internal import Synchronization

/// The port a server listens on, known once it listens.
final class ListeningPort: Sendable {
  private let port = Atomic<UInt16>(0)

  var value: UInt16 {
    get { port.load(ordering: .acquiring) }
    set { port.store(newValue, ordering: .releasing) }
  }
}
