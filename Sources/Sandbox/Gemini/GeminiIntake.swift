internal import Records

/// Takes in the requests of a batch: one line each, with its key.
final class GeminiIntake {
  private let file: LineFile
  private let dialect: GenerateDialect
  private var text = RequestText()
  private var tape = JSONTape()
  private var pending = ByteBuffer(capacity: 1 << 17)
  private var promptTokens = 0

  /// Starts to write to a new file.
  init(_ path: String, _ model: String) throws(SandboxError) {
    file = try LineFile(path, truncating: true)
    dialect = GenerateDialect(model: model, place: .batchRow)
  }

  /// Reads inline requests.
  func read(
    _ requests: JSONView, _ terms: inout GeminiTerms
  ) throws(SandboxError) -> (GeminiTerms, Int) {
    for item in requests.elements {
      pending.append("{")
      if let key = item["metadata"]?["key"], key.kind == .string {
        pending.append("\"key\":\"")
        key.appendEscapedText(to: &pending)
        pending.append("\",")
      }
      pending.append("\"request\":")
      guard let request = item["request"] else {
        pending.append("{}}\n")
        continue
      }
      request.appendJSON(to: &pending)
      pending.append("}\n")
      count(request)
      try flush(above: 1 << 16)
    }
    try flush(above: 0)
    terms.promptTokens = promptTokens
    return (terms, requests.count)
  }

  /// Reads a file of requests; one with a line that is no JSON fails the batch.
  func read(
    _ path: String, _ terms: inout GeminiTerms
  ) throws(SandboxError) -> (GeminiTerms, Int) {
    guard var lines = InputLines(path) else { throw StateDirectory.failure("cannot read", path) }
    var lineCount = 0
    var rowCount = 0
    while let line = lines.next() {
      lineCount += 1
      if line.allSatisfy({ $0 <= 0x20 }) { continue }
      // A line that cannot be parsed fails the batch; why is not said, as the provider does not.
      guard let json = try? tape.parse(line), json.kind == .object else {
        terms.failure = GeminiTerms.Failure(
          code: 3, message: "Failed to parse the input file: line \(lineCount) is not valid JSON.")
        break
      }
      rowCount += 1
      json.appendJSON(to: &pending)
      pending.append(0x0A)
      if let request = json["request"] { count(request) }
      try flush(above: 1 << 16)
    }
    if rowCount == 0, terms.failure == nil {
      terms.failure = GeminiTerms.Failure(code: 3, message: "The input file has no requests.")
    }
    try flush(above: 0)
    terms.promptTokens = promptTokens
    return (terms, rowCount)
  }

  private func count(_ request: JSONView) {
    text.read(request, dialect)
    promptTokens += text.tokens
  }

  private func flush(above limit: Int) throws(SandboxError) {
    guard pending.count > limit else { return }
    try file.append(pending.bytes)
    pending.removeAll()
  }
}
