internal import Records

extension SectionSpec {
  /// `merge`.
  public static let merge = SectionSpec(
    "merge", "Where the answers go.", exactlyOne: ["jsonl", "csv", "sqlite"],
    [
      FieldSpec(
        "jsonl", .text(.path),
        "File of the source's records, in their order, with the answers set.",
        example: "out/chunks.enriched.jsonl"),
      FieldSpec(
        "csv", .text(.path),
        "CSV file of the source's records, in their order, with the answers set.",
        example: "out/tickets.labelled.csv"),
      FieldSpec(
        "sqlite", .section(.sqliteTarget),
        "A table: the source's own, or one that takes the answers."),
      FieldSpec(
        "set", .map(keys: "fields", values: .text(.expression)), isRequired: true,
        "Fields that are written, each from an expression over `output` and the record.",
        example: "{label: output.label}"),
      FieldSpec(
        "missing",
        .choice([
          .init("null", "Written with null in the fields that are set."),
          .init("skip", "Left out."),
          .init("error", "The merge is refused as long as there are such records."),
        ]), default: .string("null"),
        "What happens to records without an accepted answer; in place they stay as they are.",
        example: "skip"),
      FieldSpec(
        "filtered",
        .choice([
          .init("keep", "Written unchanged."),
          .init("drop", "Left out."),
        ]), default: .string("keep"),
        "What happens to records that `where` left out; in place they stay as they are.",
        example: "drop"),
      FieldSpec(
        "add_columns", .boolean, default: .bool(false), goesWith: ["sqlite"],
        "Whether columns that the table lacks are added to it.", example: "true"),
      FieldSpec(
        "formulas",
        .choice([
          .init("keep", "Text stays as it is."),
          .init("escape", "Text that a spreadsheet would calculate gets a `'` before it."),
        ]), default: .string("keep"), goesWith: ["csv"],
        "What happens to text that begins with `=`, `+`, `-` or `@`.", example: "escape"),
    ])

  /// `merge.sqlite`.
  public static let sqliteTarget = SectionSpec(
    "merge.sqlite", "A table of a SQLite database that takes the answers.",
    [
      FieldSpec(
        "database", .text(.path), isRequired: true, "Path of the database.", example: "out/music.db"
      ),
      FieldSpec("table", .text(.words), isRequired: true, "The table.", example: "tracks"),
      FieldSpec(
        "key", .text(.words), isRequired: true,
        "The column that holds the record's key; uniquely indexed.", example: "id"),
    ])
}
