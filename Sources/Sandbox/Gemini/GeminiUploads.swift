internal import Synchronization

/// Uploads that were begun and not ended; they are forgotten with the process, as their clients
/// learn when they go on.
final class GeminiUploads: Sendable {
  /// One of them.
  struct Upload: Sendable {
    let workspace: String
    let displayName: String
    let mimeType: String
    /// Where its bytes are.
    let path: String
    /// Those that have come.
    var byteCount = 0
  }

  private let uploads = Mutex<[String: Upload]>([:])

  subscript(_ id: String) -> Upload? {
    get { uploads.withLock { $0[id] } }
    set { uploads.withLock { $0[id] = newValue } }
  }
}
