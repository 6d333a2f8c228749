internal import CCurl

/// A libcurl easy handle with the connections it keeps.
///
/// Sendable under the lock `HTTPClient.idle`: a handle is either in that list or in the hands of the one
/// transfer that took it out.
final class CurlHandle: @unchecked Sendable {
  static let isReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  /// What libcurl's calls take.
  let pointer: UnsafeMutableRawPointer

  /// Makes a handle; nil when libcurl cannot.
  init?() {
    guard Self.isReady, let pointer = curl_easy_init() else { return nil }
    self.pointer = pointer
  }

  deinit {
    curl_easy_cleanup(pointer)
  }

  /// Forgets all options; live connections stay.
  func reset() { curl_easy_reset(pointer) }

  func set(_ option: CURLoption, _ value: Int) {
    _ = leaven_curl_set_long(pointer, option, value)
  }

  func set(_ option: CURLoption, bytes value: Int) {
    _ = leaven_curl_set_offset(pointer, option, Int64(value))
  }

  /// Sets a text, which libcurl copies.
  func set(_ option: CURLoption, _ value: String) {
    _ = leaven_curl_set_text(pointer, option, value)
  }
}
