internal import Ledger
internal import Pipelines
internal import Providers
internal import Records

/// The requests of a shard file as calls, one after the other.
final class CallLines {
  private let lines: LineReader
  private let end: Int
  private let path: String
  private let api: any MessageProvider
  private let check: RequestCheck
  private var tape = JSONTape()

  /// Opens a file; what lies behind `byteCount` is not read.
  ///
  /// - Throws: `SourceError`.
  init(path: String, byteCount: Int, _ api: any MessageProvider, _ check: RequestCheck) throws {
    lines = LineReader(try ByteStream(path: path))
    end = byteCount
    self.path = path
    self.api = api
    self.check = check
  }

  /// The next call; nil after the last.
  ///
  /// - Throws: `SourceError`, `RunError.stateFile`.
  func next() throws -> ConcurrentCall? {
    guard let line = try lines.next(), line.range.lowerBound < end else { return nil }
    let request: JSONView
    do throws(JSONError) {
      request = try tape.parse(line.bytes)
    } catch {
      throw RunError.stateFile(path: path, reason: "a request in it cannot be read: \(error)")
    }
    let use = check.use(of: request)
    // Answers are rarely as long as they may be; what they used is known afterwards.
    let tokens = use.input.likely + use.maxTokens / 4
    guard let call = api.call(request, tokens: tokens) else {
      throw RunError.stateFile(path: path, reason: "a line in it is no request")
    }
    return call
  }
}
