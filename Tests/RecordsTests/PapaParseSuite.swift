import Foundation
import Records
import TestSupport
import Testing

/// PapaParse's cases: those of its parser for reading, those of its unparser for writing.
///
/// A case is refused when it uses a setting that Leaven does not have (comments, other escapes, guessing of the delimiter),
/// when PapaParse itself reads it with a warning about quotes, or when Leaven answers with an error that names the line.
@Suite(.enabled(if: SuiteFolder.has("csv/papaparse")))
struct PapaParseSuite {
  private let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  @Test func readsAndWritesAsPapaParseDoes() throws {
    let score = SuiteScore("csv-papaparse")
    for file in ["core_parser_tests", "parse_tests"] {
      for entry in try cases(file) { try judgeReading(entry, score) }
    }
    for entry in try cases("unparse_tests") { try judgeWriting(entry, score) }
    score.report()
    #expect(score.wrong.isEmpty)
  }

  private func cases(_ name: String) throws -> [JSONValue] {
    let file = try #require(SuiteFolder.url("csv/papaparse/\(name).json"))
    return try JSONValue(parsing: [UInt8](Data(contentsOf: file))).array ?? []
  }

  /// The dialect that a case's settings mean; nil when Leaven has none of them.
  private func dialect(_ entry: JSONValue) -> CSVDialect? {
    let known = ["delimiter", "quoteChar", "header", "skipEmptyLines", "newline"]
    let config = entry["config"] ?? .object([:])
    let settings = config.members ?? []
    let description = entry["description"]?.string ?? ""
    guard settings.allSatisfy({ known.contains($0.key) }), config["skipEmptyLines"]?.string == nil,
      entry["uses_function"]?.bool != true, !description.contains("guess")
    else { return nil }
    guard let delimiter = CSVDialect.byte(config["delimiter"]?.string ?? ","),
      let quote = CSVDialect.byte(config["quoteChar"]?.string ?? "\""),
      let lineEnd = CSVDialect.LineEnd(rawValue: config["newline"]?.string ?? "\r\n")
    else { return nil }
    return CSVDialect(delimiter: delimiter, quote: quote, lineEnd: lineEnd)
  }

  private func judgeReading(_ entry: JSONValue, _ score: SuiteScore) throws {
    guard let dialect = dialect(entry), let input = entry["input"]?.string,
      var expected = entry["expected"]?["data"]?.array
    else { return score.refused() }
    // Leaven passes over blank lines always.
    expected.removeAll { $0 == .array([.string("")]) }
    let path = try scratch.write(input, to: "in.csv")
    do throws(SourceError) {
      let rows = try CSVRows.read(path, delimiter: dialect.delimiter, quote: dialect.quote)
        .filter { $0 != [""] }
      let isByName = expected.contains { $0.members != nil }
      let read = isByName ? records(rows) : rows.map { JSONValue.array($0.map(JSONValue.string)) }
      if read == expected {
        score.right()
      } else if isByName || entry["config"]?["header"]?.bool == true {
        // What is no plain table of named columns, `CSVSource` answers with an error.
        if Readings.csv(path).contains(where: { !$0.hasSuffix("}") }) { score.refused() }
      } else if try guesses(entry, path, expected) {
        score.refused()
      } else {
        score.wrong("\(entry["description"]?.string ?? ""): \(read)")
      }
    } catch {
      if error.line != nil { score.refused() } else { score.wrong("\(error)") }
    }
  }

  /// Whether the case names no delimiter and means another than the comma: Leaven does not guess.
  private func guesses(
    _ entry: JSONValue, _ path: String, _ expected: [JSONValue]
  ) throws(SourceError) -> Bool {
    guard entry["config"]?["delimiter"] == nil else { return false }
    for delimiter: UInt8 in [0x09, 0x7C, 0x3B, 0x1E, 0x1F] {
      let rows = try CSVRows.read(path, delimiter: delimiter).filter { $0 != [""] }
      if rows.map({ JSONValue.array($0.map(JSONValue.string)) }) == expected { return true }
    }
    return false
  }

  private func records(_ rows: [[String]]) -> [JSONValue] {
    let header = rows.first ?? []
    return rows.dropFirst().map { row in
      .object(zip(header, row).map { JSONValue.Member($0, .string($1)) })
    }
  }

  private func judgeWriting(_ entry: JSONValue, _ score: SuiteScore) throws {
    let input = entry["input"] ?? .null
    let rows = input["data"]?.array ?? input.array ?? []
    guard let dialect = dialect(entry), let expected = entry["expected"]?.string,
      let header = header(input, rows), rows.allSatisfy({ $0.members != nil || $0.array != nil }),
      entry["config"]?["header"]?.bool != false, Set(header).count == header.count,
      rows.allSatisfy(hasPlainValues)
    else { return score.refused() }
    let isByName = rows.first?.members != nil || input["fields"] != nil
    let path = scratch.path("out.csv")
    let sink = try CSVSink(path: path, fields: header, setting: [], dialect: dialect)
    for row in isByName ? rows[...] : rows.dropFirst() {
      let members = header.enumerated().compactMap { position, name in
        value(row, position, name).map { JSONValue.Member(name, $0) }
      }
      try write(.object(members), to: sink)
    }
    try sink.finish()
    let written = String(decoding: try scratch.bytes(of: "out.csv"), as: UTF8.self)
    // PapaParse ends no last line, and gives short rows short lines.
    let plain = String(
      written.unicodeScalars.dropLast(dialect.lineEnd.rawValue.unicodeScalars.count))
    let isRagged = rows.contains { ($0.array?.count ?? header.count) != header.count }
    if plain == expected {
      score.right()
    } else if isRagged {
      score.refused()
    } else {
      score.wrong("\(entry["description"]?.string ?? ""): \(plain) not \(expected)")
    }
  }

  /// Whether all values of a row are scalars without spaces at their ends, which PapaParse quotes.
  private func hasPlainValues(_ row: JSONValue) -> Bool {
    (row.array ?? row.members?.map(\.value) ?? []).allSatisfy { value in
      switch value {
      case .array, .object: false
      case .string(let text): text.utf8.first != 0x20 && text.utf8.last != 0x20
      default: true
      }
    }
  }

  private func header(_ input: JSONValue, _ rows: [JSONValue]) -> [String]? {
    if let fields = input["fields"]?.array { return fields.compactMap(\.string) }
    if let members = rows.first?.members { return members.map(\.key) }
    return rows.first?.array?.map { $0.string ?? "" }
  }

  private func value(_ row: JSONValue, _ position: Int, _ name: String) -> JSONValue? {
    if let elements = row.array { return position < elements.count ? elements[position] : nil }
    return row[name]
  }

  private func write(_ object: JSONValue, to sink: CSVSink) throws {
    var tape = JSONTape()
    try Array(object.compact.utf8).withUnsafeBufferPointer { bytes in
      let root = try tape.parse(bytes)
      try sink.write(Record(root: root, line: 1), setting: nil)
    }
  }
}
