internal import CCurl

/// Many HTTP calls at a time over libcurl's multi interface: HTTP/2 where TLS negotiates it, else a connection for each
/// call that is under way, kept and used again. What `HTTPClient` says of certificates, redirects and proxies holds
/// here, too.
///
/// A call's body cannot be rewound, so libcurl has no way to send one twice: a kept connection that turns out to be dead is
/// a failure like any other, and its phase says how far the request came.
///
/// Used by one thread.
final class HTTPCalls {
  /// A call that is over.
  struct Finished {
    /// The number that it was given.
    let number: Int
    /// What came of it.
    let result: Result<HTTPResponse, HTTPFailure>
  }

  private let multi: UnsafeMutableRawPointer
  private let manner: HTTPTransfer.Manner
  private var idle: [CurlHandle] = []
  private var running: [UnsafeMutableRawPointer: Running] = [:]
  /// Calls that failed before libcurl had them.
  private var failed: [Finished] = []
  private let never = StopFlag()

  private struct Running {
    let number: Int
    let handle: CurlHandle
    let transfer: HTTPTransfer
  }

  /// Prepares for at most so many connections; nothing is opened yet. Nil when libcurl cannot.
  init?(connections: Int, version: HTTPClient.Version = .newest, userAgent: String = "leaven") {
    guard CurlHandle.isReady, let multi = curl_multi_init() else { return nil }
    self.multi = multi
    manner = HTTPTransfer.Manner(
      version: version, userAgent: userAgent, bufferByteCount: 16 * 1024)
    _ = leaven_curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections)
    _ = leaven_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connections)
    leaven_curl_thread_without_sigpipe()
  }

  deinit {
    for call in running.values { curl_multi_remove_handle(multi, call.handle.pointer) }
    running.removeAll()
    curl_multi_cleanup(multi)
  }

  /// The number of calls that are under way.
  var count: Int { running.count + failed.count }

  /// Begins a call; how it ends is told by `advance` under the number.
  func start(_ request: HTTPRequest, as number: Int) {
    guard let origin = HTTPOrigin(of: request.url) else {
      fail(number, HTTPFailure(phase: .notSent, reason: .badURL, origin: "the address"))
      return
    }
    guard let handle = idle.popLast() ?? CurlHandle() else {
      fail(
        number, HTTPFailure(phase: .notSent, reason: .other(code: 2), origin: origin.description))
      return
    }
    let transfer = HTTPTransfer(request, origin: origin, stop: never)
    if let failure = transfer.prepare(handle, manner) {
      handle.reset()
      idle.append(handle)
      fail(number, failure)
      return
    }
    handle.set(CURLOPT_PIPEWAIT, 1)
    running[handle.pointer] = Running(number: number, handle: handle, transfer: transfer)
    curl_multi_add_handle(multi, handle.pointer)
  }

  /// Goes on with what is under way, waiting for something to happen for at most so many milliseconds.
  ///
  /// - Returns: The calls that are over by then.
  func advance(waiting milliseconds: Int) -> [Finished] {
    var left: Int32 = 0
    curl_multi_perform(multi, &left)
    var finished = collect()
    guard finished.isEmpty else { return finished }
    curl_multi_poll(multi, nil, 0, Int32(clamping: milliseconds), nil)
    curl_multi_perform(multi, &left)
    finished = collect()
    return finished
  }

  /// Breaks off what is under way; how far each call came is in its failure.
  func breakOff() -> [Finished] {
    let ended = running.values.map { call in
      Finished(
        number: call.number, result: call.transfer.outcome(CURLE_ABORTED_BY_CALLBACK, call.handle))
    }
    for call in running.values { curl_multi_remove_handle(multi, call.handle.pointer) }
    running.removeAll()
    return ended + takeFailed()
  }

  private func fail(_ number: Int, _ failure: HTTPFailure) {
    failed.append(Finished(number: number, result: .failure(failure)))
  }

  private func takeFailed() -> [Finished] {
    defer { failed.removeAll() }
    return failed
  }

  private func collect() -> [Finished] {
    var finished = takeFailed()
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let pointer = message.pointee.easy_handle,
        let call = running.removeValue(forKey: pointer)
      else { continue }
      let code = message.pointee.data.result
      let result = call.transfer.outcome(code, call.handle)
      curl_multi_remove_handle(multi, pointer)
      call.handle.reset()
      idle.append(call.handle)
      finished.append(Finished(number: call.number, result: result))
    }
    return finished
  }
}
