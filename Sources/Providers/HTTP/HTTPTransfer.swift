internal import CCurl

/// One request on its way: libcurl calls back into it.
///
/// Used by one thread.
final class HTTPTransfer {
  /// How a client makes its transfers.
  struct Manner: Sendable {
    var version: HTTPClient.Version
    var userAgent: String
    /// Of each buffer of a transfer.
    var bufferByteCount = 512 * 1024
  }

  private let request: HTTPRequest
  private let origin: HTTPOrigin
  private let stop: StopFlag
  private var source: (any HTTPBodySource)?
  private var sentByteCount = 0
  private var head = HTTPHead()
  private var sink: HTTPSink
  /// What went wrong on this side, which libcurl knows only as a callback that gave up.
  private var ownReason: HTTPFailure.Reason?
  private var headers: UnsafeMutablePointer<curl_slist>?
  /// Where libcurl writes its own words.
  private let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  init(_ request: HTTPRequest, origin: HTTPOrigin, stop: StopFlag) {
    self.request = request
    self.origin = origin
    self.stop = stop
    sink = HTTPSink(request.destination)
  }

  deinit {
    curl_slist_free_all(headers)
    words.deallocate()
  }

  /// Carries the request out.
  func run(on handle: CurlHandle, _ manner: Manner) -> Result<HTTPResponse, HTTPFailure> {
    if let failure = prepare(handle, manner) { return .failure(failure) }
    let code = withExtendedLifetime(self) { leaven_curl_perform(handle.pointer) }
    return outcome(code, handle)
  }

  /// Sets a handle up; nil when it is ready. The transfer must live until the handle is done or reset.
  func prepare(_ handle: CurlHandle, _ manner: Manner) -> HTTPFailure? {
    do {
      source = try request.body.opened()
    } catch {
      return failure(.notSent, .unreadableBody("\(error)"))
    }
    if stop.isSet { return failure(.notSent, .canceled) }
    handle.configure(for: request, origin: origin, manner)
    for header in request.headers {
      headers = curl_slist_append(headers, "\(header.name): \(header.value)")
    }
    headers = curl_slist_append(headers, "Expect:")
    _ = leaven_curl_set_list(handle.pointer, CURLOPT_HTTPHEADER, headers)
    words[0] = 0
    _ = leaven_curl_set_error_buffer(handle.pointer, words)
    installCallbacks(on: handle)
    return nil
  }

  private func installCallbacks(on handle: CurlHandle) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    let pointer = handle.pointer
    _ = leaven_curl_on_header(
      pointer, { HTTPTransfer.from($3)?.tookHeader($0, $1 * $2) ?? 0 }, context)
    _ = leaven_curl_on_body(
      pointer, { HTTPTransfer.from($3)?.tookBody($0, $1 * $2) ?? 0 }, context)
    _ = leaven_curl_on_progress(
      pointer, { context, _, _, _, _ in HTTPTransfer.from(context)?.stop.isSet == false ? 0 : 1 },
      context)
    guard source != nil else { return }
    _ = leaven_curl_on_read(
      pointer, { HTTPTransfer.from($3)?.gaveBody($0, $1 * $2) ?? 0 }, context)
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> HTTPTransfer? {
    context.map { Unmanaged<HTTPTransfer>.fromOpaque($0).takeUnretainedValue() }
  }

  private func tookHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    let line = UnsafeRawBufferPointer(start: bytes, count: count)
    head.read(String(decoding: line, as: UTF8.self))
    return count
  }

  private func tookBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    do throws(HTTPSink.Failure) {
      try sink.write(UnsafeRawBufferPointer(start: bytes, count: count), status: head.status)
      return count
    } catch {
      ownReason = error.reason
      return 0
    }
  }

  private func gaveBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    do {
      let room = UnsafeMutableRawBufferPointer(start: bytes, count: count)
      let length = try source?.read(into: room) ?? 0
      sentByteCount += length
      return length
    } catch {
      ownReason = .unreadableBody("\(error)")
      return Int(CURL_READFUNC_ABORT)
    }
  }

  /// What came of the transfer, once libcurl is done with it.
  func outcome(_ code: CURLcode, _ handle: CurlHandle) -> Result<HTTPResponse, HTTPFailure> {
    let phase = phase(code, handle)
    let isAnswered = phase == .cutBody && head.status >= 400 && !stop.isSet && ownReason == nil
    guard code == CURLE_OK || isAnswered, head.isComplete else {
      sink.abandon()
      return .failure(failure(phase, reason(code, handle), detail: String(cString: words)))
    }
    do throws(HTTPSink.Failure) {
      let body = try sink.finish(status: head.status)
      return .success(
        HTTPResponse(
          status: head.status, headers: head.fields, body: body, bodyByteCount: sink.byteCount))
    } catch {
      return .failure(failure(.cutBody, error.reason))
    }
  }

  /// How far the request came.
  ///
  /// What was never handed to libcurl in full cannot have arrived in full, and a server does not
  /// act on a request whose announced length it did not get.
  private func phase(_ code: CURLcode, _ handle: CurlHandle) -> HTTPFailure.Phase {
    if head.isComplete { return .cutBody }
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
      CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_URL_MALFORMAT:
      return .notSent
    default:
      let headByteCount = leaven_curl_info_long(handle.pointer, CURLINFO_REQUEST_SIZE)
      let isWhole = headByteCount > 0 && sentByteCount >= request.body.byteCount
      return isWhole ? .ambiguous : .notSent
    }
  }

  private func reason(_ code: CURLcode, _ handle: CurlHandle) -> HTTPFailure.Reason {
    if let ownReason { return ownReason }
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .nameNotResolved
    case CURLE_COULDNT_CONNECT: return .notConnected
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION: return .untrusted
    case CURLE_URL_MALFORMAT: return .badURL
    case CURLE_ABORTED_BY_CALLBACK: return .canceled
    case CURLE_OPERATION_TIMEDOUT: return timeout(handle)
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE,
      CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2, CURLE_HTTP2_STREAM,
      CURLE_SEND_FAIL_REWIND, CURLE_OK:
      return .broken
    default: return .other(code: Int(code.rawValue))
    }
  }

  private func timeout(_ handle: CurlHandle) -> HTTPFailure.Reason {
    let elapsed = Duration.microseconds(
      leaven_curl_info_offset(handle.pointer, CURLINFO_TOTAL_TIME_T))
    if elapsed >= request.timeouts.total { return .timedOut }
    let wasSending = leaven_curl_info_long(handle.pointer, CURLINFO_REQUEST_SIZE) > 0
    return wasSending ? .stalled : .connectTimedOut
  }

  private func failure(
    _ phase: HTTPFailure.Phase, _ reason: HTTPFailure.Reason, detail: String = ""
  ) -> HTTPFailure {
    HTTPFailure(phase: phase, reason: reason, origin: origin.description, detail: detail)
  }
}
