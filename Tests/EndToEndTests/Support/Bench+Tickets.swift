import Records

/// A small pipeline over numbered tickets, quick even in a debug build.
extension Bench {
  /// Its answer schema.
  static let schema = """
    {"type": "object", "properties": {"label": {"enum": ["a", "b", "c"]}, "summary": {"type": "string"}},
     "required": ["label", "summary"], "additionalProperties": false}
    """

  /// The text of a ticket: no other ticket's contains it.
  static func ticket(_ number: Int) -> String {
    "Ticket number \(number) says, among other things, that card \(number * 7919) is lost."
  }

  /// The rows of a CSV file of tickets.
  static func tickets(_ numbers: some Sequence<Int>) -> String {
    numbers.reduce(into: "id,text\n") { $0 += "t\($1),\"\(ticket($1))\"\n" }
  }

  /// A bench with `tickets.csv`, `answer.schema.json` and `small.yaml`.
  ///
  /// - Parameters:
  ///   - count: How many tickets there are.
  ///   - shard: How many requests a batch takes.
  ///   - top: Lines of the pipeline file above its stages.
  /// - Returns: The bench.
  /// - Throws: When the files cannot be written.
  static func withTickets(_ count: Int, shard: Int = 20, top: String = "") throws -> Bench {
    let bench = try Bench()
    try bench.write(tickets(1...count), to: "tickets.csv")
    try bench.write(schema, to: "answer.schema.json")
    try bench.write("", to: "out/.keep")
    try bench.writePipeline(shard: shard, top: top)
    return bench
  }

  /// Writes `small.yaml`; `load` holds further keys of the stage's `load`.
  func writePipeline(
    prompt: String = "<message>{{ text }}</message>", shard: Int = 20, top: String = "",
    load: String = "", source: String = "csv: tickets.csv",
    target: String = "csv: out/labelled.csv"
  ) throws {
    try write(
      """
      name: small
      \(top)
      stages:
        label:
          extract: {\(source), key: id}
          transform:
            prompt: "\(prompt)"
          load:
            provider: anthropic
            model: claude-haiku-4-5
            max_tokens: 100
            schema: answer.schema.json
            shard: {max_requests: \(shard)}
            canary: 0
            \(load)
          merge:
            \(target)
            set: {label: output.label, summary: output.summary}
      """, to: "small.yaml")
  }

  /// Runs the pipeline against the built-in sandbox.
  @discardableResult
  func runSmall(_ arguments: String...) async throws -> Outcome {
    try await leaven(["run", "--sandbox", "small.yaml"] + arguments)
  }

  /// The rows of the labelled CSV file, without the header.
  func labelled(_ name: String = "out/labelled.sandbox.csv") throws -> [[String]] {
    try CSVText.rows(try text(of: name)).dropFirst().map { $0 }
  }

  /// Whether a labelled row has the answer to its own text.
  static func hasOwnAnswer(_ row: [String]) -> Bool {
    row.count == 4 && ["a", "b", "c"].contains(row[2]) && !row[3].isEmpty && row[1].contains(row[3])
  }

  /// The calls that the built-in sandbox got, by what they ask for.
  func sandboxCalls(_ route: String) throws -> Int {
    try rows(of: ".leaven/small@sandbox/sandbox/journal.jsonl")
      .filter { $0["route"]?.string == route }.count
  }

  /// The status of the pipeline, as its contract tells it.
  func status(_ arguments: String...) async throws -> JSONValue {
    let outcome = try await leaven(["status", "--json", "small.yaml"] + arguments)
    return try JSONValue(parsing: outcome.out)
  }
}

/// Reads CSV text for tests, independently of the program.
enum CSVText {
  static func rows(_ text: String) throws -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field = ""
    var isQuoted = false
    var scalars = text.unicodeScalars.makeIterator()
    var pending: Unicode.Scalar?
    while let scalar = pending ?? scalars.next() {
      pending = nil
      switch (scalar, isQuoted) {
      case ("\"", true):
        pending = scalars.next()
        if pending == "\"" {
          field.unicodeScalars.append("\"")
          pending = nil
        } else {
          isQuoted = false
        }
      case ("\"", false): isQuoted = true
      case (",", false):
        row.append(field)
        field = ""
      case ("\n", false):
        rows.append(row + [field])
        row = []
        field = ""
      case ("\r", false): continue
      default: field.unicodeScalars.append(scalar)
      }
    }
    return field.isEmpty && row.isEmpty ? rows : rows + [row + [field]]
  }
}
