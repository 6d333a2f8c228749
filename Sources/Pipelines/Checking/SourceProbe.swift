internal import Records

/// Looks at the beginning of a source: its header, and of files the first records.
enum SourceProbe {
  /// So many records are looked at.
  static let recordLimit = 1000

  /// What the source's records are like; nil when that cannot be known, which is reported where it
  /// is a mistake.
  static func shape(
    of source: SourcePlan, at place: Place, into diagnostics: inout DiagnosticList
  ) -> RecordShape? {
    switch source {
    case .stage, .standardInput: return nil
    case .csv, .jsonl, .sqlite: break
    }
    do throws(SourceError) {
      let records = try source.open()
      var shape = records.fields.map(RecordShape.init(header:)) ?? RecordShape()
      if case .sqlite = source { return shape }
      try read(records, into: &shape, at: place, &diagnostics)
      return shape.isEmpty ? nil : shape
    } catch {
      report(error, at: place, &diagnostics)
      return nil
    }
  }

  /// The header of a CSV file, whatever `types` says of it; nil for other sources, and when it
  /// cannot be read, which `shape` reports.
  static func header(of source: SourcePlan) -> [String]? {
    guard case .csv(let file, var options) = source else { return nil }
    options.types = [:]
    // What is wrong is reported when the source itself is opened.
    return try? SourcePlan.csv(file, options).open().fields
  }

  /// Reads the first records. One that is wrong but does not end the reading is a warning: what
  /// becomes of it is decided when it is read in earnest.
  private static func read(
    _ records: any RecordSource, into shape: inout RecordShape, at place: Place,
    _ diagnostics: inout DiagnosticList
  ) throws(SourceError) {
    let hasHeader = records.fields != nil
    var firstBad: SourceError?
    for _ in 0..<recordLimit {
      do throws(SourceError) {
        guard let record = try records.next() else { break }
        guard !hasHeader else { continue }
        shape.beginRecord()
        for member in record.root.members { shape.note(member.key.text) }
      } catch {
        if error.endsReading { throw error }
        firstBad = firstBad ?? error
      }
    }
    if let firstBad {
      diagnostics.warning(
        .sourceUnreadable, at: place, "a record cannot be read: \(sentence(firstBad))",
        hint: firstBad.hint)
    }
  }

  private static func report(
    _ error: SourceError, at place: Place, _ diagnostics: inout DiagnosticList
  ) {
    let code: DiagnosticCode =
      switch error.code {
      case .unknownTable, .badQuery, .queryWrites: .unknownTable
      case .unknownColumn: .unknownField
      default: .sourceUnreadable
      }
    diagnostics.error(code, at: place, sentence(error), hint: error.hint)
  }

  /// `data.csv:3:5: row 2 has …`, or `data.csv has no header row`.
  private static func sentence(_ error: SourceError) -> String {
    let line = error.line.map { ":\($0)" } ?? ""
    let column = error.line == nil ? "" : error.column.map { ":\($0)" } ?? ""
    let colon = error.line == nil ? "" : ":"
    return "\(error.source)\(line)\(column)\(colon) \(error.sentence)"
  }
}
