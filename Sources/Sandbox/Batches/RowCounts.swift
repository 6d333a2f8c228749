internal import Records

/// How the rows of an ended batch came out, and the tokens of those that succeeded.
struct RowCounts: Hashable, Sendable {
  var succeeded = 0
  var errored = 0
  var canceled = 0
  var expired = 0
  var inputTokens = 0
  var cachedTokens = 0
  var outputTokens = 0
  var thoughtTokens = 0

  private static let members: [(String, any WritableKeyPath<RowCounts, Int> & Sendable)] = [
    ("succeeded", \.succeeded), ("errored", \.errored), ("canceled", \.canceled),
    ("expired", \.expired), ("input_tokens", \.inputTokens), ("cached_tokens", \.cachedTokens),
    ("output_tokens", \.outputTokens), ("thought_tokens", \.thoughtTokens),
  ]

  /// Reads what `json` writes; what is missing is 0.
  init(_ json: JSONValue) {
    for (name, path) in Self.members { self[keyPath: path] = json[name]?.int ?? 0 }
  }

  init() {}

  var json: JSONValue {
    .object(Self.members.map { JSONValue.Member($0.0, .number(self[keyPath: $0.1])) })
  }

  /// Adds what a row used.
  mutating func add(_ usage: TokenUsage) {
    inputTokens += usage.prompt
    cachedTokens += usage.cacheRead
    outputTokens += usage.output
    thoughtTokens += usage.thoughts
  }
}
