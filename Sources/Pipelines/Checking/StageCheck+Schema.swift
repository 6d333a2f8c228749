internal import Providers
internal import Records
internal import Schemas

extension StageCheck {
  /// Reads and compiles the answer schema, a path or a mapping with one; nil when it is wrong.
  mutating func checkSchema(
    of load: Section, for catalog: Catalog, into diagnostics: inout DiagnosticList
  ) -> AnswerSchema? {
    if let path = load.text("schema") {
      return checkSchema(path, .annotation, catalog, into: &diagnostics)
    }
    guard let node = load.written("schema"), node.pairs != nil else { return nil }
    let section = Section(node, .schemaFile, at: node.place)
    guard let path = section.text("file"), let word = section.word("formats") else { return nil }
    return checkSchema(
      path, word == "assertion" ? .assertion : .annotation, catalog, into: &diagnostics)
  }

  private mutating func checkSchema(
    _ path: LocatedText, _ formats: SchemaOptions.Formats, _ catalog: Catalog,
    into diagnostics: inout DiagnosticList
  ) -> AnswerSchema? {
    let file = context.planned(path.text)
    inputs.append(TargetsCheck.Input(file: file, what: "the answer schema"))
    guard let bytes = FilePath.bytes(of: file.path) else {
      reportMissing(file, at: path.place, into: &diagnostics)
      return nil
    }
    let written: JSONValue
    do throws(JSONError) {
      written = try JSONValue(parsing: bytes)
    } catch {
      diagnostics.error(
        .badSchema, at: SourceText.place(ofByte: error.offset, in: bytes[...]), in: file.shownPath,
        "the answer schema is not JSON: \(error.reason.rawValue)")
      return nil
    }
    do throws(SchemaProblems) {
      let compiled = try CompiledSchema.checking(written, options: options(file, formats))
      report(compiled.warnings, on: file, at: path.place, into: &diagnostics)
      checkLowering(written, file, catalog, at: path.place, into: &diagnostics)
      return AnswerSchema(
        file: file, written: written, formats: formats, compiled: compiled)
    } catch {
      for error in error.errors {
        diagnostics.error(
          .badSchema, at: path.place, "\(file.shownPath)\(error.schemaPath): \(error.sentence)",
          hint: error.hint)
      }
      report(error.warnings, on: file, at: path.place, into: &diagnostics)
      return nil
    }
  }

  private func report(
    _ warnings: [SchemaWarning], on file: PlannedFile, at place: Place,
    into diagnostics: inout DiagnosticList
  ) {
    for warning in warnings {
      diagnostics.warning(
        .badSchema, at: place, "\(file.shownPath)\(warning.schemaPath): \(warning.sentence)",
        hint: warning.hint)
    }
  }

  /// The provider takes less than JSON Schema can say, and some schemas cannot be brought into its
  /// form.
  private func checkLowering(
    _ schema: JSONValue, _ file: PlannedFile, _ catalog: Catalog, at place: Place,
    into diagnostics: inout DiagnosticList
  ) {
    for problem in SchemaLowering(catalog.answerSchema).lower(schema).problems {
      diagnostics.error(
        .badSchema, at: place,
        "the provider cannot take \(file.shownPath)#\(problem.path): \(problem.sentence)",
        hint: problem.hint)
    }
  }

  private func options(
    _ file: PlannedFile, _ formats: SchemaOptions.Formats
  ) -> SchemaOptions {
    SchemaOptions(formats: formats, location: "file://\(file.path)") { path in
      guard let bytes = FilePath.bytes(of: path) else { return nil }
      return try JSONValue(parsing: bytes)
    }
  }
}
