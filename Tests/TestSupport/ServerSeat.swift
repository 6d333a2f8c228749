internal import Synchronization

/// A place among the servers that the tests of a process run at one time; let go of, it is another test's.
///
/// A server in this process holds a thread of the system's dispatch pool while it waits for calls. The pool has 255: with
/// a server for every test that runs, none would be left to answer.
public final class ServerSeat: Sendable {
  private struct Room {
    var free = 64
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private static let room = Mutex(Room())

  private init() {}

  /// Waits for a place.
  public static func take() async -> ServerSeat {
    await withCheckedContinuation { continuation in
      let isFree = room.withLock { room in
        if room.free == 0 {
          room.waiting.append(continuation)
          return false
        }
        room.free -= 1
        return true
      }
      if isFree { continuation.resume() }
    }
    return ServerSeat()
  }

  deinit {
    let next = Self.room.withLock { room in
      if room.waiting.isEmpty {
        room.free += 1
        return CheckedContinuation<Void, Never>?.none
      }
      return room.waiting.removeFirst()
    }
    next?.resume()
  }
}
