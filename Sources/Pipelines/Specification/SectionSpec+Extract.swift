internal import Records

extension SectionSpec {
  private static let files = ["csv", "jsonl", "sqlite", "stdin"]
  private static let tables = ["csv", "stdin"]

  /// `extract`.
  public static let extract = SectionSpec(
    "extract", "Where the records come from.",
    exactlyOne: ["csv", "jsonl", "sqlite", "stage", "stdin"],
    fileFields + [
      FieldSpec(
        "stage", .text(.name), "An earlier stage: its records, with its answers as `output`.",
        example: "enrich"),
      FieldSpec(
        "stdin",
        .choice([
          .init("csv", "Standard input is CSV with a header row."),
          .init("jsonl", "Standard input has one JSON object a line."),
        ]), "Standard input in this format.", example: "jsonl"),
      FieldSpec(
        "key", .text(.template), goesWith: files,
        "What tells records apart: a field, or a template over fields; unique and never empty.",
        example: "\"{{ doc_id }}-{{ seq }}\""),
      FieldSpec(
        "on_duplicate",
        .choice([
          .init("error", "Two records with one key stop the run before anything is sent."),
          .init("first", "The first record of a key counts."),
          .init("last", "The last record of a key counts."),
        ]), default: .string("error"), goesWith: files,
        "What happens when two records have one key.",
        example: "first"),
      FieldSpec(
        "since", .either(.text(.words), .since), goesWith: ["csv", "jsonl", "sqlite"],
        "A field that rises with every change of a record: only records from the last reading's highest value on are read.",
        example: "updated_at"),
      FieldSpec(
        "where", .text(.expression), "Only records for which this is true are asked.",
        example: "lang == \"en\""),
      FieldSpec(
        "each", .text(.expression),
        "A list: each of its elements is a record, as `item` and `index`, with the key `<key>#<index>`.",
        example: "output.questions"),
      FieldSpec(
        "group", .text(.expression),
        "A field or expression: the records that have its value in common are one record, with `items`.",
        example: "doc_id"),
      FieldSpec(
        "order_by", .text(.expression),
        "What orders the items of a group, ascending; in the order of the source when left out.",
        example: "page"),
      FieldSpec(
        "limit", .integer(1...1_000_000), "How many items of a group count, at most.",
        example: "50"),
      FieldSpec(
        "join", .section(.join),
        "One record of another stage or of a dataset for each of these, by key, as `joined`."),
      FieldSpec(
        "on_rejected",
        .choice([
          .init("skip", "It is skipped, and counted."),
          .init("fail", "It is rejected here, too."),
          .init("null", "It is asked, with null as `output`."),
        ]), default: .string("skip"),
        "What happens to a record that a stage which is read rejected.", example: "fail"),
    ] + tableFields)

  /// `extract.join`.
  public static let join = SectionSpec(
    "join", "One record of another stage or of a dataset for each of these, by key, as `joined`.",
    [
      FieldSpec(
        "with", .either(.text(.name), .joinedSource), isRequired: true,
        "A stage, or a dataset: `{csv: …}`, `{jsonl: …}` or `{sqlite: …}`.", example: "customers"),
      FieldSpec(
        "on", .text(.expression), isRequired: true,
        "A field or expression: the key of the record that belongs to this one.",
        example: "customer_id"),
      FieldSpec(
        "key", .text(.expression),
        "What the records of `with` are found by, unique; of a stage, its key when left out.",
        example: "id"),
      FieldSpec(
        "unmatched",
        .choice([
          .init("fail", "The record is rejected."),
          .init("skip", "It is skipped, and counted."),
          .init("null", "It goes on, with null as `joined`."),
        ]), default: .string("fail"), "What happens to a record that none belongs to.",
        example: "skip"),
    ])

  /// `extract.join.with`, where it is a dataset.
  public static let joinedSource = SectionSpec(
    "join.with", "A dataset whose records are looked up.", exactlyOne: ["csv", "jsonl", "sqlite"],
    fileFields + tableFields)

  /// `extract.since`, where more is said than the field.
  public static let since = SectionSpec(
    "extract.since", "Up to where a source was read, and how far the next reading goes back.",
    [
      FieldSpec(
        "field", .text(.words), isRequired: true,
        "The field: a time as text (`2026-11-20T23:00:00Z`) or a number that rises.",
        example: "updated_at"),
      FieldSpec(
        "overlap", .text(.words),
        "How far below the highest value the next reading begins: a length of time for times, a number for numbers.",
        example: "1h"),
    ])

  /// `extract.sqlite`.
  public static let sqliteSource = SectionSpec(
    "extract.sqlite", "A table or a query of a SQLite database, opened read-only.",
    exactlyOne: ["table", "query"],
    [
      FieldSpec(
        "database", .text(.path), isRequired: true, "Path of the database.",
        example: "data/music.db"),
      FieldSpec(
        "table", .text(.words), "The table (or view) that is read whole.", example: "tracks"),
      FieldSpec(
        "query", .text(.words), "One SELECT whose rows are the records.",
        example: "SELECT id, name FROM tracks ORDER BY id"),
    ])

  private static let fileFields: [FieldSpec] = [
    FieldSpec(
      "csv", .text(.path), "CSV file with a header row, plain or gzip.",
      example: "data/tickets.csv"),
    FieldSpec(
      "jsonl", .text(.path), "File with one JSON object a line, plain or gzip.",
      example: "data/chunks.jsonl.gz"),
    FieldSpec("sqlite", .section(.sqliteSource), "A table or a query of a SQLite database."),
  ]

  private static let tableFields: [FieldSpec] = [
    FieldSpec(
      "encoding",
      .choice([
        .init("utf-8", "UTF-8; a byte that is not is an error with its line."),
        .init("latin1", "ISO 8859-1."),
        .init("windows-1252", "Windows' western alphabet."),
        .init("utf-16", "UTF-16, byte order by its mark."),
        .init("utf-16le", "UTF-16, low byte first."),
        .init("utf-16be", "UTF-16, high byte first."),
      ]), default: .string("utf-8"), goesWith: tables, "How the bytes of a CSV file are text.",
      example: "windows-1252"),
    FieldSpec(
      "delimiter", .text(.character), default: .string(","), goesWith: tables,
      "What stands between the fields of a CSV file; `tab` for a tab.", example: "\";\""),
    FieldSpec(
      "quote", .text(.character), default: .string("\""), goesWith: tables,
      "What quotes the fields of a CSV file.", example: "\"'\""),
    FieldSpec(
      "ragged",
      .choice([
        .init("error", "Such a row stops the run, with its line."),
        .init("pad", "Missing fields are empty; a row with too many fields is an error."),
        .init("skip", "Such rows are left out and counted."),
      ]), default: .string("error"), goesWith: tables,
      "What happens to CSV rows with fewer or more fields than the header.", example: "pad"),
    FieldSpec(
      "types",
      .map(
        keys: "fields",
        values: .choice([
          .init("text", "The field as it stands."),
          .init("integer", "A whole number; an empty field is null."),
          .init("number", "A JSON number; an empty field is null."),
          .init("boolean", "`true` or `false`; an empty field is null."),
          .init("json", "Any JSON value; an empty field is null."),
        ])), goesWith: tables, "What CSV fields are, where not text.",
      example: "{stars: number}"),
  ]
}
