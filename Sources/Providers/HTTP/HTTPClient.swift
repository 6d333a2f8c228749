internal import CCurl
internal import Synchronization

/// Makes HTTP calls with libcurl, each blocking on a thread of its own while the caller awaits.
///
/// HTTP/1.1 and HTTP/2; TLS certificates are always verified; redirects are never followed; proxies come from the
/// environment (`https_proxy`, `http_proxy`, `no_proxy`), except that this machine's own addresses are never
/// asked through one. Connections are kept and used again, but see `HTTPRequest.isUnrepeatable`.
public final class HTTPClient: Sendable {
  /// Which versions of HTTP are spoken.
  public enum Version: Sendable {
    /// HTTP/2 where TLS negotiates it, else HTTP/1.1.
    case newest
    /// HTTP/1.1 only.
    case http1
  }

  private let manner: HTTPTransfer.Manner
  /// Handles that no transfer uses; each keeps its connections open.
  private let idle = Mutex<[CurlHandle]>([])
  private static let idleLimit = 4

  /// Creates a client; nothing is opened yet.
  public init(version: Version = .newest, userAgent: String = "leaven") {
    manner = HTTPTransfer.Manner(version: version, userAgent: userAgent)
  }

  /// Makes one call and waits for all of the answer, whatever its status.
  ///
  /// Canceling the task stops the transfer within about a second; the failure's phase still says how far the
  /// request came. A status of 400 or above counts as an answer even when the connection breaks in its body.
  ///
  /// - Throws: `HTTPFailure` when there is no complete answer.
  public func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    let stop = StopFlag()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isStarted = DetachedThread.start {
          continuation.resume(returning: self.perform(request, stop: stop))
        }
        if !isStarted { continuation.resume(returning: .failure(Self.noThread)) }
      }
    } onCancel: {
      stop.set()
    }
    return try result.get()
  }

  private static let noThread = HTTPFailure(
    phase: .notSent, reason: .other(code: 27), origin: "a call",
    detail: "no thread could be started")

  private func perform(_ request: HTTPRequest, stop: StopFlag) -> Result<HTTPResponse, HTTPFailure>
  {
    guard let origin = HTTPOrigin(of: request.url) else {
      return .failure(HTTPFailure(phase: .notSent, reason: .badURL, origin: "the address"))
    }
    guard let handle = takeHandle() else {
      return .failure(
        HTTPFailure(phase: .notSent, reason: .other(code: 2), origin: origin.description))
    }
    defer { giveBack(handle) }
    let transfer = HTTPTransfer(request, origin: origin, stop: stop)
    return transfer.run(on: handle, manner)
  }

  private func takeHandle() -> CurlHandle? {
    if let kept = idle.withLock({ $0.popLast() }) { return kept }
    return CurlHandle()
  }

  private func giveBack(_ handle: CurlHandle) {
    handle.reset()
    idle.withLock { handles in
      if handles.count < Self.idleLimit { handles.append(handle) }
    }
  }
}
