internal import Records

/// Takes in the body of a create call: checks the envelope, and writes each request as one line to
/// a file while the next is still on its way.
///
/// Memory is one request and sixteen bytes per custom_id.
struct BatchIntake: ~Copyable {
  /// Rows that one batch may hold.
  static let requestLimit = 100_000

  /// The file the requests are written to.
  let path: String
  /// The number of requests so far.
  private(set) var count = 0
  /// A hash over all requests and their order, the same however they were spaced and cut.
  private(set) var hash = ContentHash(high: 0, low: 0)
  /// The first thing wrong; what follows it is only counted.
  private(set) var failure: APIError?

  private let strictness: RowStrictness
  private var scanner = EnvelopeScanner()
  private var tape = JSONTape()
  private var pending = ByteBuffer(capacity: 1 << 17)
  private var line = ByteBuffer(capacity: 4096)
  private var file: LineFile
  private var seen = Set<ContentHash>()
  private var hasRequests = false

  /// Starts to write to a new file.
  init(_ path: String, strictness: RowStrictness) throws(SandboxError) {
    self.path = path
    self.strictness = strictness
    file = try LineFile(path, truncating: true)
  }

  /// Takes in the next bytes.
  mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>) throws(SandboxError) {
    var offset = 0
    while failure == nil, offset < bytes.count {
      switch scanner.next(bytes, from: &offset) {
      case .needsMore: return
      case .malformed: failure = .malformed(at: scanner.position)
      case .member: takeMember()
      case .request: try takeRequest()
      }
    }
  }

  /// Ends the body: everything is in the file when this returns without a `failure`.
  mutating func finish() throws(SandboxError) {
    if failure == nil, !scanner.isComplete { failure = .malformed(at: scanner.position) }
    if failure == nil, !hasRequests { failure = .invalid("requests: Field required") }
    if failure == nil, count == 0 {
      failure = .invalid("requests: List should have at least 1 item after validation, not 0")
    }
    try flush()
  }

  private mutating func takeMember() {
    let isRequests = scanner.key.bytes.elementsEqual("requests".utf8)
    if !isRequests {
      failure = .invalid("\(scanner.key.text): Extra inputs are not permitted")
    } else if scanner.value.count > 0 {
      failure = .invalid("requests: Input should be a valid array")
    } else {
      hasRequests = true
    }
  }

  private mutating func takeRequest() throws(SandboxError) {
    hasRequests = true
    if count == Self.requestLimit {
      failure = .invalid(
        "requests: List should have at most \(Self.requestLimit) items after validation, "
          + "not \(count + 1)")
      return
    }
    line.removeAll()
    switch Self.check(scanner.value.bytes, position: count, strictness, &tape, &line, &seen) {
    case .success: break
    case .failure(.malformed(let offset)):
      failure = .malformed(at: scanner.position - scanner.value.count + offset)
      return
    case .failure(.refused(let error)):
      failure = error
      return
    }
    hash = Self.fold(hash, line.bytes)
    line.append(0x0A)
    pending.append(line.bytes)
    count += 1
    if pending.count >= 1 << 16 { try flush() }
  }

  private mutating func flush() throws(SandboxError) {
    try file.append(pending.bytes)
    pending.removeAll()
  }

  /// Hashes the hash so far together with that of the next line.
  static func fold(_ hash: ContentHash, _ line: UnsafeBufferPointer<UInt8>) -> ContentHash {
    let both = hash.bytes + ContentHash(of: line).bytes
    return both.withUnsafeBufferPointer { ContentHash(of: $0) }
  }

  private enum Trouble: Error {
    case malformed(Int)
    case refused(APIError)
  }

  /// Checks one element of `requests` and appends it to `line` as compact JSON.
  private static func check(
    _ bytes: UnsafeBufferPointer<UInt8>, position: Int, _ strictness: RowStrictness,
    _ tape: inout JSONTape, _ line: inout ByteBuffer, _ seen: inout Set<ContentHash>
  ) -> Result<Void, Trouble> {
    let view: JSONView
    do {
      view = try tape.parse(bytes)
    } catch {
      return .failure(.malformed(error.offset))
    }
    if let problem = EnvelopeRules.problem(in: view, at: position, strictness, &seen) {
      return .failure(.refused(.invalid(problem)))
    }
    view.appendJSON(to: &line)
    return .success(())
  }
}
