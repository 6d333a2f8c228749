internal import Records
internal import Templates

extension StageCheck {
  /// What `extract` says.
  struct Extract {
    /// The source; nil when it is wrong.
    var source: SourcePlan?
    /// What its records are like; nil when that is not known.
    var records: RecordShape?
    /// What happens to duplicates; nil when that is wrong.
    var onDuplicate: DuplicatePolicy?
    /// What happens to records that the stage which is read rejected; nil when that is wrong.
    var onRejected: UpstreamRejectionPolicy?
    /// Which records are read again; nil for all.
    var since: SincePlan?
  }

  /// A key that is right.
  struct Key {
    let plan: KeyPlan
    let reads: RecordReads
    let compiled: Compiled<CompiledTemplate>?
  }

  /// Checks the source and looks at its beginning.
  mutating func checkExtract(into diagnostics: inout DiagnosticList) -> Extract {
    let section = stage.section("extract")
    var extract = Extract()
    extract.onDuplicate = section.choice("on_duplicate")
    extract.onRejected = section.choice("on_rejected")
    if let text = section.text("stage") {
      extract.source = .stage(text.text)
      extract.records = upstream?.shape.records
      return extract
    }
    guard let (source, place) = source(section) else { return extract }
    if let file = source.file {
      let isDatabase = if case .sqlite = source { true } else { false }
      inputs.append(
        TargetsCheck.Input(file: file, what: isDatabase ? TargetsCheck.database : "the source"))
      guard context.surroundings.contains(.sources) else {
        extract.source = source
        extract.since = checkSince(section, nil, into: &diagnostics)
        return extract
      }
      guard FilePath.kind(of: file.path) == .file else {
        reportMissing(file, at: place, into: &diagnostics)
        return extract
      }
    }
    extract.source = source
    extract.records =
      shapeDespiteTypes(section, source, into: &diagnostics)
      ?? SourceProbe.shape(of: source, at: place, into: &diagnostics)
    if let records = extract.records { warnOfReserved(records, at: place, into: &diagnostics) }
    extract.since = checkSince(section, extract.records, into: &diagnostics)
    return extract
  }

  private func source(_ section: Section) -> (SourcePlan, Place)? {
    if let format = section.text("stdin") {
      switch format.text {
      case "jsonl": return (.standardInput(.jsonl), format.place)
      case "csv": return csvOptions(section).map { (.standardInput(.csv($0)), format.place) }
      default: return nil
      }
    }
    return fileSource(section)
  }

  /// A source that is a file.
  func fileSource(_ section: Section) -> (SourcePlan, Place)? {
    if let path = section.text("csv"), let options = csvOptions(section) {
      return (.csv(context.planned(path.text), options), path.place)
    }
    if let path = section.text("jsonl") { return (.jsonl(context.planned(path.text)), path.place) }
    let database = section.section("sqlite")
    guard let path = database.text("database") else { return nil }
    let file = context.planned(path.text)
    if context.surroundings.contains(.sources), FilePath.kind(of: file.path) != .file {
      return (.sqlite(file, .table("")), path.place)
    }
    if let table = database.text("table") {
      return (.sqlite(file, .table(table.text)), table.place)
    }
    return database.text("query").map { (.sqlite(file, .query($0.text)), $0.place) }
  }

  private func csvOptions(_ section: Section) -> CSVOptions? {
    guard let delimiter = section.character("delimiter"), let quote = section.character("quote"),
      let encoding: TextEncoding = section.choice("encoding"),
      let ragged: RaggedPolicy = section.choice("ragged")
    else { return nil }
    var types: [String: CSVFieldType] = [:]
    for pair in section.pairs("types") {
      guard let type = pair.value.scalar.flatMap({ CSVFieldType(rawValue: $0.text) }) else {
        return nil
      }
      types[pair.name] = type
    }
    return CSVOptions(
      delimiter: delimiter, quote: quote, encoding: encoding, ragged: ragged, types: types)
  }

  /// What the header alone tells, when `types` names fields that are not there, which is reported;
  /// nil when all are, or when there is no header.
  func shapeDespiteTypes(
    _ section: Section, _ source: SourcePlan, into diagnostics: inout DiagnosticList
  ) -> RecordShape? {
    let types = section.pairs("types")
    guard !types.isEmpty, let fields = SourceProbe.header(of: source) else { return nil }
    let unknown = types.filter { pair in
      !fields.contains { $0.utf8.elementsEqual(pair.name.utf8) }
    }
    for pair in unknown {
      diagnostics.error(
        .unknownField, at: pair.place, "the source does not have the field '\(pair.name)'",
        hint: CloseName.hint(for: pair.name, in: fields, listed: "the fields are"))
    }
    return unknown.isEmpty ? nil : RecordShape(header: fields)
  }

  private func warnOfReserved(
    _ records: RecordShape, at place: Place, into diagnostics: inout DiagnosticList
  ) {
    for field in records.fields where ScopeRoot.reservedNames.contains(field) {
      diagnostics.warning(
        .reservedField, at: place,
        "the field '\(field)' has a name that means something else in templates",
        hint: "the field is 'record.\(field)'")
    }
  }

  /// Checks the key: a field, or a template over the record.
  func checkKey(
    _ extract: Extract, _ reads: ReadsCheck, into diagnostics: inout DiagnosticList
  ) -> Key? {
    let section = stage.section("extract")
    if section.text("stage") != nil {
      return Key(plan: .inherited, reads: RecordReads(), compiled: nil)
    }
    guard let text = section.text("key") else {
      if section.node != nil, section.written("key") == nil {
        diagnostics.error(
          .missingKey, at: section.place, "'extract' lacks the key 'key'",
          hint: keyHint(extract.records))
      }
      return nil
    }
    guard text.text.contains("{{") || text.text.contains("{%") else {
      return checkKeyField(text, extract.records, into: &diagnostics)
    }
    let origin = CodeOrigin(text, name: "\(name).key", in: context)
    let scope = ReadsCheck(
      records: reads.records, output: .none("a key is made of the record alone"), ancestors: [],
      vars: context.vars)
    guard let template = compiler.template(text.text, origin, checking: scope, into: &diagnostics)
    else { return nil }
    var fields = RecordReads()
    fields.add(template.reads)
    if fields.isEmpty {
      diagnostics.error(
        .constantKey, at: text.place,
        "the key reads nothing of the record, so that all records have the same",
        hint: keyHint(extract.records))
    }
    return Key(plan: .template(template.code), reads: fields, compiled: template)
  }

  private func checkKeyField(
    _ text: LocatedText, _ records: RecordShape?, into diagnostics: inout DiagnosticList
  ) -> Key? {
    let name = text.text
    if let records {
      let hint =
        CloseName.of(name, in: records.fields).map { "did you mean '\($0)'?" }
        ?? (name.contains(".") ? "a member of a field is written \"{{ \(name) }}\"" : nil)
        ?? CloseName.hint(for: name, in: records.fields, listed: "the fields are")
      switch records.presence(of: name) {
      case .always: break
      case .sometimes(let count, let total):
        diagnostics.warning(
          .rareField, at: text.place,
          "only \(count) of the first \(total) records have the key field '\(name)'",
          hint: "a record without a key stops the run")
      case .never:
        let who =
          records.recordCount.map { "none of the first \($0) records has" }
          ?? "the source does not have"
        diagnostics.error(
          .unknownField, at: text.place, "\(who) the key field '\(name)'", hint: hint)
      }
    }
    return Key(plan: .field(name), reads: RecordReads(fields: [name]), compiled: nil)
  }

  private func keyHint(_ records: RecordShape?) -> String {
    guard let fields = records?.fields, !fields.isEmpty else {
      return "name the field that tells records apart"
    }
    let likely =
      fields.first { ["id", "key", "uuid"].contains($0.lowercased()) }
      ?? fields.first { $0.lowercased().hasSuffix("id") }
    return likely.map { "perhaps 'key: \($0)'" }
      ?? CloseName.hint(for: "", in: fields, listed: "name the field that tells records apart, of")
      ?? "name the field that tells records apart"
  }
}
