internal import Records

extension SectionSpec {
  /// One stage.
  public static let stage = SectionSpec(
    "stages.<name>", "One pass over records: read, ask, write.",
    [
      FieldSpec("extract", .section(.extract), isRequired: true, "Where the records come from."),
      FieldSpec(
        "transform", .section(.transform), isRequired: true,
        "How a record becomes a prompt, or an output that needs no model."),
      FieldSpec(
        "load", .section(.load),
        "Which model is asked, and how; a stage without it calculates its output with `set`."),
      FieldSpec(
        "merge", .section(.merge),
        "Where the answers go; a stage without it only feeds other stages."),
    ])

  /// `transform`.
  public static let transform = SectionSpec(
    "transform", "How a record becomes a prompt, or an output that needs no model.",
    [
      FieldSpec(
        "system", .either(.text(.template), .textFile), "Template of the system text.",
        example: "You label support tickets."),
      FieldSpec(
        "prompt", .either(.text(.template), .textFile),
        "Template of the user message; what a stage with `load` needs.",
        example: "\"Ticket: {{ text }}\""),
      FieldSpec(
        "messages", .list(.section(.turn)),
        "Turns before the prompt, such as examples of a good answer: the user's and the model's in turn.",
        example: "[{user: \"Ticket: my card is gone\"}, {assistant: \"lost_card\"}]"),
      FieldSpec(
        "attachments", .list(.text(.template)),
        "Pictures and PDF files to show with the prompt: templates of paths relative to the pipeline file, or of addresses.",
        example: "\"images/{{ id }}.png\""),
      FieldSpec(
        "set", .map(keys: "fields", values: .text(.expression)),
        "In a stage without `load`: the fields of its output, each from an expression; nobody is asked.",
        example: "{title: title.strip()}"),
      FieldSpec(
        "split", .section(.split),
        "Cuts a long text into chunks, each a record: `item`, `index`, with the key `<key>#<index>`."
      ),
    ])

  /// One of `transform.messages`.
  public static let turn = SectionSpec(
    "transform.messages", "One turn of the conversation before the prompt.",
    exactlyOne: ["user", "assistant"],
    [
      FieldSpec(
        "user", .text(.template), "Template of what the user says.",
        example: "\"Ticket: my card is gone\""),
      FieldSpec(
        "assistant", .text(.template), "Template of what the model answers.",
        example: "lost_card"),
    ])

  /// `transform.split`.
  public static let split = SectionSpec(
    "split", "Cuts a long text: each chunk is a record, as `item`.",
    exactlyOne: ["characters", "tokens"],
    [
      FieldSpec(
        "text", .text(.expression), isRequired: true,
        "A field, or an expression that gives a text.",
        example: "body"),
      FieldSpec(
        "characters", .integer(2...10_000_000), "Characters of a chunk, at most.", example: "2000"),
      FieldSpec(
        "tokens", .integer(2...10_000_000),
        "Tokens of a chunk, at most, by a fixed estimate: one for four ASCII characters.",
        example: "500"),
      FieldSpec(
        "overlap", .integer(0...5_000_000), default: .number(0),
        "How much of the chunk before it a chunk begins with, at most; half of a chunk or less.",
        example: "50"),
    ])

  /// A text that lies in a file.
  public static let textFile = SectionSpec(
    "file", "A text that lies in a file of its own.",
    [
      FieldSpec(
        "file", .text(.path), isRequired: true,
        "Path of the template, relative to the pipeline file.", example: "prompts/label.txt")
    ])

  /// `load`.
  public static let load = SectionSpec(
    "load", "Which model is asked, and how.",
    [
      FieldSpec(
        "provider", .text(.name), default: .string("anthropic"),
        "A provider's kind, or a name under `providers`.", example: "anthropic"),
      FieldSpec(
        "model", .text(.words), isRequired: true, "The model, as the provider calls it.",
        example: "claude-haiku-4-5"),
      FieldSpec(
        "max_tokens", .integer(1...10_000_000), isRequired: true,
        "The longest answer, in tokens; longer ones are cut and count as truncated.", example: "512"
      ),
      FieldSpec(
        "schema", .either(.text(.path), .schemaFile),
        "JSON Schema of the answer: asked of the provider, and checked again here in full.",
        example: "schemas/label.schema.json"),
      FieldSpec(
        "repair", .boolean, default: .bool(false), goesWith: ["schema"],
        "Repairs an answer that is not quite JSON where only one reading is possible; the ledger keeps that it did.",
        example: "true"),
      FieldSpec(
        "mode",
        .choice([
          .init("batch", "In batches: half the price, within a day."),
          .init(
            "concurrent", "One by one over the synchronous API, many at a time, at full price."),
          .init("auto", "As the number of requests and the price suggest; the run says why."),
        ]), default: .string("batch"), "How requests go. No part of an answer's identity.",
        example: "auto"),
      FieldSpec(
        "params", .object,
        "Further members of every request's body, in the provider's words. Part of an answer's identity.",
        example: "{thinking: {type: enabled, budget_tokens: 2048}}"),
      FieldSpec(
        "beta", .list(.text(.words)),
        "Beta headers of the provider that are sent with every call. Part of an answer's identity.",
        example: "output-300k-2026-03-24"),
      FieldSpec(
        "headers", .map(keys: "headers", values: .text(.words)),
        "Further headers that are sent with every call; never a key. Part of an answer's identity.",
        example: "{x-team: search}"),
      FieldSpec(
        "cache",
        .choice([
          .init("5m", "For five minutes after its last use."),
          .init("1h", "For an hour, which costs more to write: what batches need, mostly."),
        ]),
        "Has Anthropic keep what is the same in all requests, the system text and the first turns; others do so unasked.",
        example: "1h"),
      FieldSpec(
        "echo_key", .boolean, default: .bool(false), goesWith: ["schema"],
        "Has every answer repeat a code of its record: one that was put beside another record's key is asked for again.",
        example: "true"),
      FieldSpec("shard", .section(.shard), "How requests are packed into batches."),
      FieldSpec(
        "min_shard", .integer(1...Int.max), default: .number(1000),
        "In a stage that reads another one which is not done yet: so many records are worth a batch.",
        example: "500"),
      FieldSpec(
        "linger", .duration, default: .string("30m"),
        "There: how long fewer records than `min_shard` wait for more.", example: "10m"),
      FieldSpec(
        "in_flight", .integer(1...1000),
        "Batches of this stage at the provider at one time, 4 when left out; of concurrent calls, 64.",
        example: "8"),
      FieldSpec(
        "attempts", .either(.integer(1...100), .attempts), default: .number(3),
        "How often a record may fail before it is rejected: in all ways, or by the way it fails.",
        example: "3"),
      FieldSpec(
        "late", .either(latePolicies, .late), default: .string("wait"),
        "What happens to a batch that takes long; that it does is told in any case.",
        example: "resubmit"),
      FieldSpec(
        "delete_after_collect", .boolean, default: .bool(false),
        "Removes a batch and its results from the provider once its answers are stored here."),
      FieldSpec(
        "canary", .either(.integer(0...1_000_000), .canary),
        "Requests that go first, and bounds for the rest to follow; 0 for none. Unwritten: one, for a new model or schema.",
        example: "20"),
      FieldSpec(
        "identical",
        .choice([
          .init("together", "Records with the same prompt are asked once, and all get the answer."),
          .init("separate", "Every record is asked, also with the same prompt."),
        ]), default: .string("together"), "What happens to records whose prompts are the same.",
        example: "separate"),
      FieldSpec(
        "reuse", .section(.reuse),
        "Whether accepted answers count after a change of how they are asked for."),
    ])

  private static let latePolicies: FieldType = .choice([
    .init("wait", "It is awaited until it expires."),
    .init(
      "resubmit", "It is canceled; what is finished is kept, the rest goes into a new batch."),
    .init(
      "concurrent",
      "It is canceled; what is finished is kept, the rest is asked one by one, at full price."),
  ])

  /// `load.late`.
  public static let late = SectionSpec(
    "load.late", "What happens to a batch that takes long.",
    [
      FieldSpec(
        "after", .share, default: .string("75%"),
        "The share of the provider's window after which a batch counts as late.", example: "50%"),
      FieldSpec(
        "then", latePolicies, default: .string("wait"), "What happens to it then.",
        example: "resubmit"),
    ])

  /// `load.canary`.
  public static let canary = SectionSpec(
    "load.canary", "Requests that go first, and what must come of them before the rest goes.",
    [
      FieldSpec(
        "records", .integer(1...1_000_000), default: .number(20),
        "How many go first, in the order of the source; at most one shard.", example: "20"),
      FieldSpec(
        "accepted", .recordLimit, default: .string("90%"),
        "The least share (or number) of answers accepted at once.", example: "90%"),
      FieldSpec(
        "mean_cost", .dollars, "US dollars that a request may cost at most, on the average.",
        example: "0.01"),
      FieldSpec(
        "truncated", .recordLimit, default: .string("5%"),
        "The largest share (or number) of answers cut at max_tokens.", example: "5%"),
    ])

  private static let asking: [FieldType.Choice] = [
    .init("ask", "They are asked for again."), .init("keep", "They count."),
  ]

  /// `load.reuse`.
  public static let reuse = SectionSpec(
    "load.reuse",
    "Whether accepted answers count after a change of how they are asked for, while their records stay the same.",
    [
      FieldSpec(
        "template", .choice(asking), default: .string("ask"),
        "After a change of a template, or of a variable in it.", example: "keep"),
      FieldSpec(
        "model", .choice(asking), default: .string("ask"), "After a change of the model.",
        example: "keep"),
      FieldSpec(
        "schema",
        .choice(
          asking + [
            .init(
              "revalidate",
              "They count if they are what the schema asks now; only the others are asked for again."
            )
          ]), default: .string("ask"), "After a change of the answer schema.",
        example: "revalidate"),
      FieldSpec(
        "parameters", .choice(asking), default: .string("ask"),
        "After a change of `max_tokens`, `params`, `beta` or `headers`.", example: "keep"),
    ])

  /// `load.attempts`.
  public static let attempts = SectionSpec(
    "load.attempts", "How often a record may fail in each way before it is rejected.",
    [
      FieldSpec(
        "default", .integer(1...100), default: .number(3), "For the ways that are not named.",
        example: "3"),
      limit("invalid_answer", "Not JSON, or not what the schema asks; the model is told why."),
      limit("truncated", "Cut at max_tokens; asked again with twice as many."),
      limit("refusal", "Refused by the model; once, when it is not written.", example: "1"),
      limit("server_error", "The provider failed."),
      limit("overloaded", "The provider was overloaded."),
      limit("expired", "The batch ended before its turn, which costs nothing.", example: "10"),
      limit("canceled", "Canceled, but not by leaven; costs nothing."),
      limit("missing", "The results have no row for it."),
      limit("other", "A row that cannot be read, or of a kind that is not known."),
    ])

  private static func limit(_ name: String, _ doc: String, example: String = "3") -> FieldSpec {
    FieldSpec(name, .integer(1...100), doc, example: example)
  }

  /// `load.schema`, where more is said than its path.
  public static let schemaFile = SectionSpec(
    "load.schema", "An answer schema, and how answers are held against it.",
    [
      FieldSpec(
        "file", .text(.path), isRequired: true,
        "Path of the JSON Schema, relative to the pipeline file.",
        example: "schemas/label.schema.json"),
      FieldSpec(
        "formats",
        .choice([
          .init("annotation", "`format` describes, and no answer fails for it."),
          .init("assertion", "A string that does not have its `format` fails."),
        ]), default: .string("annotation"), "What the keyword `format` does.", example: "assertion"),
    ])

  /// `load.shard`.
  public static let shard = SectionSpec(
    "load.shard", "How requests are packed into batches.",
    [
      FieldSpec(
        "max_requests", .integer(1...Int.max), default: .number(20_000),
        "Requests in one batch, at most.",
        example: "20000"),
      FieldSpec(
        "max_bytes", .byteCount(1024...Int.max), default: .string("64MB"),
        "Bytes of one batch, at most, the provider's envelope included.", example: "64MB"),
    ])
}
