internal import Records

extension SectionSpec {
  /// The whole pipeline file.
  public static let pipeline = SectionSpec(
    "pipeline",
    "What is extracted, how records become prompts, how these are sent, where answers go.",
    [
      FieldSpec(
        "name", .text(.name),
        "Name of the pipeline and its state folder; else the file's name without its ending.",
        example: "rag_chunks"),
      FieldSpec(
        "vars", .map(keys: "variables", values: .json),
        "Values that templates and expressions see as `vars`; `--set name=value` overrides one.",
        example: "{language: French}"),
      FieldSpec(
        "defaults", .section(SectionSpec.stage.relaxed.retitled("defaults")),
        "Settings shared by all stages; what a stage writes itself wins."),
      FieldSpec(
        "providers", .map(keys: "provider names", values: .section(.provider)),
        "Endpoints, where the usual one of a provider is not meant."),
      FieldSpec(
        "budget", .section(.budget),
        "What a run may spend, from the first thing it sends to the last output it merges."),
      FieldSpec(
        "deadline", .duration,
        "How old an answer may be when it is used, at most: the plan says which schedule that allows.",
        example: "36h"),
      FieldSpec(
        "max_rejected", .recordLimit, default: .string("1%"),
        "More rejected records than this, of a run's records, end it with status 1.",
        example: "0.5%"),
      FieldSpec(
        "reask_limit", .recordLimit, default: .string("5%"),
        "A change that asks again for more accepted answers than this waits for a yes; a share is at least 100.",
        example: "500"),
      FieldSpec(
        "on_alert", .text(.words),
        "A shell command that gets one line of JSON on standard input when somebody should look.",
        example: "mail -s leaven ops@example.com"),
      FieldSpec(
        "templates", .section(.templates),
        "How templates and expressions are read, and what one may cost."),
      FieldSpec(
        "stages", .map(keys: "stage names", values: .section(.stage)), isRequired: true,
        "The stages; one that reads another stage waits for its answers."),
    ])

  /// `budget`.
  public static let budget = SectionSpec(
    "budget",
    "What a run may spend: set aside when requests are sent, and freed as far as they cost less.",
    [
      FieldSpec(
        "usd", .decimal, isRequired: true, "US dollars that a run spends at most.",
        example: "12.50"),
      FieldSpec(
        "reserve",
        .choice([
          .init(
            "high", "The high estimate of the input and all of `max_tokens`: never overrun."),
          .init(
            "likely",
            "The likely estimate and half of `max_tokens`; the run says what it may overrun."
          ),
        ]), default: .string("high"), "What is set aside for each request before it is sent.",
        example: "high"),
    ])

  /// `templates`.
  public static let templates = SectionSpec(
    "templates", "How templates and expressions are read, and what rendering a record may cost.",
    [
      FieldSpec(
        "trim_blocks", .boolean, default: .bool(false),
        "Removes the first line end after a tag, as in Jinja."),
      FieldSpec(
        "lstrip_blocks", .boolean, default: .bool(false),
        "Removes blanks before a tag that begins a line, as in Jinja."),
      FieldSpec(
        "max_output", .byteCount(1...(1 << 40)), default: .string("64MiB"),
        "The longest text, also in between.", example: "1MB"),
      FieldSpec(
        "max_steps", .integer(1...1_000_000_000_000), default: .number(1_000_000),
        "The elements that loops, filters and functions may walk over, in sum.", example: "100000"),
      FieldSpec(
        "max_depth", .integer(1...1000), default: .number(128),
        "How deep macros, recursive loops, includes and nested values may go.", example: "50"),
    ])

  /// One endpoint under `providers`.
  public static let provider = SectionSpec(
    "providers.<name>", "One endpoint of a provider.",
    [
      FieldSpec(
        "kind",
        .choice([
          .init("anthropic", "Anthropic Message Batches."), .init("openai", "OpenAI Batch."),
          .init("gemini", "Gemini Batch, of the Developer API."),
          .init(
            "openai-compatible",
            "Chat Completions of another server, which needs `base_url`, and a key only where `key_env` names one."
          ),
        ]),
        default: .string("anthropic"),
        "Which API the endpoint speaks; when left out, that of the entry's name where it is one of these.",
        example: "anthropic"),
      FieldSpec(
        "base_url", .text(.url),
        "Where the API is; of Anthropic without `/v1`, of OpenAI with it, of Gemini without a version. The provider's own address when left out.",
        example: "http://127.0.0.1:8700/anthropic"),
      FieldSpec(
        "key_env", .text(.environmentVariable),
        "The environment variable that holds the key; the provider's usual one when left out.",
        example: "ANTHROPIC_API_KEY"),
      FieldSpec(
        "api_version", .text(.words),
        "The version that is asked for: Anthropic's header, Gemini's part of the path; the usual one when left out.",
        example: "\"2026-10-21\""),
      FieldSpec(
        "api",
        .choice([
          .init("messages", "Anthropic's Messages, the only ones there."),
          .init("chat", "OpenAI's Chat Completions, the usual ones there."),
          .init(
            "completions",
            "The same with `max_tokens`, the usual ones of the kind `openai-compatible`."),
          .init("responses", "OpenAI's Responses."),
          .init("generate", "Gemini's generateContent, the only one there."),
        ]), "The form of the requests; the provider's usual one when left out.",
        example: "responses"),
      FieldSpec(
        "in_flight", .integer(1...1000),
        "Batches of the account at the provider at one time, of all pipelines that share a state folder.",
        example: "8"),
      FieldSpec(
        "rpm", .integer(1...10_000_000),
        "Concurrent calls a minute, of each run; what the provider's headers say is kept in any case.",
        example: "4000"),
      FieldSpec(
        "tpm", .integer(1...Int.max),
        "Tokens a minute of concurrent calls, input and output, of each run.", example: "400000"),
      FieldSpec(
        "queue", .section(.queue),
        "What the account may have waiting at the provider; the next batch waits for room."),
      FieldSpec(
        "price", .section(.price),
        "Prices instead of the catalogue's, and for models that the catalogue does not know."
      ),
    ])

  /// `providers.<name>.queue`.
  public static let queue = SectionSpec(
    "queue",
    "What the account may have waiting at the provider, in all pipelines that share a state folder.",
    [
      FieldSpec(
        "rows", .integer(1...Int.max),
        "Requests in batches that have not ended; the catalogue's limit when left out.",
        example: "300000"),
      FieldSpec(
        "tokens", .integer(1...Int.max),
        "Input tokens, by the high estimate, in batches that have not ended.",
        example: "40000000"),
    ])

  /// `providers.<name>.price`.
  public static let price = SectionSpec(
    "price", "Prices in US dollars for a million tokens, without the batch discount.",
    [
      FieldSpec(
        "input", .decimal, isRequired: true, "Price of a million input tokens.", example: "1.00"),
      FieldSpec(
        "output", .decimal, isRequired: true, "Price of a million output tokens.", example: "5.00"),
    ])

  /// The same mapping under another title.
  func retitled(_ title: String) -> SectionSpec {
    SectionSpec(title, doc, exactlyOne: exactlyOne, fields)
  }
}
