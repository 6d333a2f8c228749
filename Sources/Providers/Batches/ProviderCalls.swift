internal import Records

/// An address, and calls to it.
struct ProviderCalls: Sendable {
  /// A batch younger than this that is not found may only not be visible yet.
  static let visibilityGrace = Duration.seconds(600)

  /// Without a slash at its end.
  let baseURL: String
  let origin: HTTPOrigin
  /// Nil where none is needed.
  let key: APIKey?
  /// The header that carries the key, and what stands before it there: the header itself is nowhere, so that nothing that
  /// is printed can hold it.
  private let keyHeader: (name: String, prefix: String)
  private let otherHeaders: [(name: String, value: String)]
  let client: HTTPClient
  var timeouts = CallTimeouts()

  /// Nil when the address is no absolute `http` or `https` URL or has a query or fragment.
  init?(
    baseURL: String, key: APIKey?, in keyHeader: (name: String, prefix: String),
    otherHeaders: [(name: String, value: String)] = [], client: HTTPClient
  ) {
    guard let origin = HTTPOrigin(of: baseURL), !baseURL.contains("?"), !baseURL.contains("#")
    else { return nil }
    self.baseURL = String(baseURL.reversed().drop { $0 == "/" }.reversed())
    self.origin = origin
    self.keyHeader = keyHeader
    self.otherHeaders = otherHeaders
    self.key = key
    self.client = client
  }

  /// The headers of every call, the key's included.
  var headers: [(name: String, value: String)] {
    guard let key else { return otherHeaders }
    return [(keyHeader.name, keyHeader.prefix + key.revealed)] + otherHeaders
  }

  /// A request to a path behind the base URL.
  func request(_ method: HTTPRequest.Method, _ path: String) -> HTTPRequest {
    var request = HTTPRequest(method, baseURL + path)
    request.headers = headers
    request.timeouts = timeouts.other
    return request
  }

  /// Makes a call; an answer other than success is an error.
  func answer(
    _ operation: ProviderError.Operation, _ request: HTTPRequest
  ) async throws(ProviderError) -> HTTPResponse {
    let answer: HTTPResponse
    do throws(HTTPFailure) {
      answer = try await client.send(request)
    } catch {
      throw ProviderError(operation, .connection(error))
    }
    guard answer.isSuccess else { throw ProviderError(operation, answer: answer, secret: key) }
    return answer
  }

  /// Makes a call, and reads the JSON of its answer.
  func read<Value>(
    _ operation: ProviderError.Operation, _ request: HTTPRequest,
    _ body: (JSONValue, ServerFacts) throws(ReplyMismatch) -> Value
  ) async throws(ProviderError) -> Value {
    let answer = try await answer(operation, request)
    do throws(ReplyMismatch) {
      let value: JSONValue
      do throws(JSONError) {
        value = try JSONValue(parsing: answer.body)
      } catch {
        throw ReplyMismatch(sentence: "it is not JSON: \(error)")
      }
      return try body(value, ServerFacts(answer))
    } catch {
      var unreadable = ProviderError(operation, .unreadable(error.sentence))
      unreadable.requestID = ServerFacts(answer).requestID
      unreadable.serverDate = answer.date
      throw unreadable
    }
  }

  /// Changes a results file that is being made.
  func writing(_ body: () throws(SystemError) -> Void) throws(ProviderError) {
    do throws(SystemError) {
      try body()
    } catch {
      throw ProviderError(
        .results,
        .connection(
          HTTPFailure(
            phase: .cutBody, reason: .notWritten(errno: error.number),
            origin: origin.description)))
    }
  }

  /// Marks an error that may only mean that a young batch is not visible yet.
  static func visible(_ error: ProviderError, createdAt: Int64?) -> ProviderError {
    guard error.isNotFound, let createdAt, let now = error.serverDate,
      Duration.milliseconds(now - createdAt) < visibilityGrace
    else { return error }
    var notYet = error
    notYet.isNotYetVisible = true
    return notYet
  }

  /// An id becomes part of a path, so it holds nothing that means something there.
  static func isSafe(_ id: String) -> Bool {
    !id.isEmpty && id.utf8.count <= 256
      && id.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x5F || $0 == 0x2D
      }
  }
}

/// An answer is not what the provider's documentation says; a sentence says what.
struct ReplyMismatch: Error {
  let sentence: String
}
