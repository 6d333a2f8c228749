public import Records

/// A provider's synchronous API: one request, one answer, at full price.
///
/// Answers become lines as the provider's own results files have them, so whatever reads those reads these.
public protocol MessageProvider: Sendable {
  /// The call that a line of a shard file asks for.
  ///
  /// - Parameters:
  ///   - line: The line.
  ///   - tokens: About so many tokens it will use, input and output.
  /// - Returns: Nil when the line is none.
  func call(_ line: JSONView, tokens: Int) -> ConcurrentCall?

  /// The HTTP request of a call.
  func request(_ call: ConcurrentCall) -> HTTPRequest

  /// Adds an answer as a line of a results file.
  ///
  /// - Returns: The tokens that it used, input and output.
  /// - Throws: `ProviderError` when it is none; nothing is added then.
  func append(
    _ answer: HTTPResponse, to call: ConcurrentCall, using tape: inout JSONTape,
    rows: inout ByteBuffer
  ) throws(ProviderError) -> Int

  /// Adds a failure as a line of a results file.
  func append(_ error: ProviderError, to call: ConcurrentCall, rows: inout ByteBuffer)
}

extension MessageProvider {
  /// Adds JSON on one line: between its values a text may be broken into lines.
  func append(onOneLine json: UnsafeBufferPointer<UInt8>, to rows: inout ByteBuffer) {
    for byte in json { rows.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte) }
  }
}
