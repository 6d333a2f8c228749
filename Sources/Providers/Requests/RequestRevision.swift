public import Records

/// Changes a request that failed, where the same request would only fail the same way; its identity stays what it
/// was.
///
/// The line is copied byte by byte but for what changes. One per task: it holds the scratch.
public final class RequestRevision {
  /// What must be different.
  public enum Change {
    /// Nothing: what failed was not the request.
    case nothing
    /// The answer was cut: twice the `max_tokens`, as far as model and window allow.
    case moreTokens
    /// The answer did not do: it is told to the model, and why. The text is decoded, not escaped.
    case correction(of: UnsafeBufferPointer<UInt8>, because: String)
  }

  /// What came of it.
  public enum Outcome: Equatable {
    /// The line is at the buffer's end, without a line end; it has about so many tokens of input.
    case written(TokenEstimate)
    /// Nothing was written: `max_tokens` is as large as it can be already.
    case exhausted(maxTokens: Int)
  }

  private let check: RequestCheck
  private var tape = JSONTape()

  /// Prepares to change requests of one stage.
  public init(_ check: RequestCheck) { self.check = check }

  /// Appends a changed line. A correction that would make the request too large is left out.
  ///
  /// - Parameters:
  ///   - line: A line of a shard, as `RequestBuilder` or this type wrote it.
  ///   - change: What must be different.
  ///   - buffer: Where the line goes.
  /// - Returns: Whether it was written.
  public func append(
    _ line: UnsafeBufferPointer<UInt8>, changing change: Change, to buffer: inout ByteBuffer
  ) -> Outcome {
    let body: RequestBody
    do throws(JSONError) {
      body = RequestBody(try tape.parse(line))
    } catch {
      preconditionFailure("a shard's line is JSON: \(error)")
    }
    var census = body.census
    switch change {
    case .nothing: buffer.append(line)
    case .moreTokens:
      let now = body.maxTokens?.int ?? 0
      // Of a model that nothing is known of, the server says whether it goes on for longer; a refusal costs nothing.
      let known = check.maxTokensLimit(input: check.estimate(census) + body.attachments)
      let limit = known ?? now * 2
      guard now < limit, let place = body.maxTokens?.place(in: line) else {
        return .exhausted(maxTokens: now)
      }
      buffer.append(UnsafeBufferPointer(rebasing: line[..<place.lowerBound]))
      buffer.append(text: "\(min(now * 2, limit))")
      buffer.append(UnsafeBufferPointer(rebasing: line[place.upperBound...]))
    case .correction(let answer, let reason):
      appendCorrected(line, body, answer, reason, &census, to: &buffer)
    }
    return .written(check.estimate(census) + body.attachments)
  }

  private func appendCorrected(
    _ line: UnsafeBufferPointer<UInt8>, _ body: RequestBody, _ answer: UnsafeBufferPointer<UInt8>,
    _ reason: String, _ census: inout CharacterCensus, to buffer: inout ByteBuffer
  ) {
    // A turn without a word is refused by the provider; there is nothing to tell then.
    let isBlank = answer.allSatisfy { $0 <= 0x20 }
    guard !isBlank, let messages = body.turns?.place(in: line) else {
      buffer.append(line)
      return
    }
    let start = buffer.count
    buffer.append(UnsafeBufferPointer(rebasing: line[..<(messages.upperBound - 1)]))
    let turns = buffer.count
    let turn = body.form.turn
    buffer.append(",")
    buffer.append(UnsafeBufferPointer(turn.assistant))
    JSONEscape.append(Self.trimmed(answer), to: &buffer)
    buffer.append(UnsafeBufferPointer(turn.end))
    buffer.append(",")
    buffer.append(UnsafeBufferPointer(turn.user))
    var words = Self.request(reason)
    words.withUTF8 { JSONEscape.append($0, to: &buffer) }
    buffer.append(UnsafeBufferPointer(turn.end))
    var told = census
    told += CharacterCensus(UnsafeBufferPointer(rebasing: buffer.bytes[turns...]))
    buffer.append(UnsafeBufferPointer(rebasing: line[(messages.upperBound - 1)...]))
    let tokens = check.estimate(told) + body.attachments
    let maxTokens = body.maxTokens?.int ?? 0
    if check.allows(byteCount: buffer.count - start, tokens: tokens, maxTokens: maxTokens) {
      census = told
    } else {
      buffer.truncate(to: start)
      buffer.append(line)
    }
  }

  /// The provider refuses a model's turn that ends in white space.
  private static func trimmed(
    _ answer: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    let end = answer.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? 0
    return UnsafeBufferPointer(rebasing: answer[..<end])
  }

  /// What is asked of the model after an answer that did not do.
  static func request(_ reason: String) -> String {
    """
    <correction>
    The answer above cannot be used: \(reason)
    Answer the request again, completely, so that this is right. Write the answer only.
    </correction>
    """
  }
}

extension JSONView {
  /// Where a value stands in the bytes it was parsed from; of a string, what is between its quotes.
  fileprivate func place(in bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    guard let start = bytes.baseAddress, let own = rawBytes.baseAddress else { return nil }
    let offset = own - start
    return offset..<(offset + rawBytes.count)
  }
}
