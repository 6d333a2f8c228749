internal import CCurl

extension CurlHandle {
  /// Sets every option of a request except its headers and callbacks.
  func configure(for request: HTTPRequest, origin: HTTPOrigin, _ manner: HTTPTransfer.Manner) {
    set(CURLOPT_URL, request.url)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    set(CURLOPT_TCP_KEEPALIVE, 1)
    set(CURLOPT_BUFFERSIZE, manner.bufferByteCount)
    set(CURLOPT_UPLOAD_BUFFERSIZE, manner.bufferByteCount)
    set(CURLOPT_USERAGENT, manner.userAgent)
    if manner.version == .http1 { set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)) }
    if origin.isLoopback { set(CURLOPT_PROXY, "") }
    if request.isUnrepeatable { set(CURLOPT_FRESH_CONNECT, 1) }
    configure(request.timeouts)
    configure(request.method, bodyByteCount: request.body.byteCount)
  }

  private func configure(_ timeouts: HTTPRequest.Timeouts) {
    set(CURLOPT_CONNECTTIMEOUT_MS, timeouts.connect.wholeMilliseconds)
    set(CURLOPT_TIMEOUT_MS, timeouts.total.wholeMilliseconds)
    set(CURLOPT_LOW_SPEED_LIMIT, 1)
    set(CURLOPT_LOW_SPEED_TIME, max(1, Int(timeouts.stall.components.seconds)))
  }

  private func configure(_ method: HTTPRequest.Method, bodyByteCount: Int) {
    switch method {
    case .get: set(CURLOPT_HTTPGET, 1)
    case .post:
      set(CURLOPT_POST, 1)
      if bodyByteCount == 0 { set(CURLOPT_COPYPOSTFIELDS, "") }
      set(CURLOPT_POSTFIELDSIZE_LARGE, bytes: bodyByteCount)
    case .delete: set(CURLOPT_CUSTOMREQUEST, method.rawValue)
    }
  }
}

extension Duration {
  /// The duration in milliseconds, at least one.
  fileprivate var wholeMilliseconds: Int {
    let parts = components
    return max(1, Int(parts.seconds) * 1000 + Int(parts.attoseconds / 1_000_000_000_000_000))
  }
}
