import Foundation
import Records
import TestSupport
import Testing

/// The CSV files of DuckDB's tests, with the rows that two independent parsers agree on.
@Suite(.enabled(if: SuiteFolder.has("csv/duckdb/expected.jsonl")))
struct DuckDBCSVSuite {
  @Test func readsWhatTwoParsersAgreeOn() throws {
    let folder = try #require(SuiteFolder.url("csv/duckdb"))
    let score = SuiteScore("csv-duckdb")
    let lines = try String(
      contentsOf: folder.appendingPathComponent("expected.jsonl"), encoding: .utf8)
    for line in lines.utf8.split(separator: 0x0A) {
      try judge(JSONValue(parsing: Array(line)), in: folder, score)
    }
    score.report()
    #expect(score.wrong.isEmpty)
  }

  private func judge(_ entry: JSONValue, in folder: URL, _ score: SuiteScore) throws {
    let file = try #require(entry["file"]?.string)
    let path = folder.appendingPathComponent("csv/\(file)").path
    let outcome: Result<[[String]], SourceError>
    do throws(SourceError) {
      outcome = .success(try CSVRows.read(path))
    } catch {
      outcome = .failure(error)
    }
    switch (entry["class"]?.string, outcome) {
    case ("agree", .success(let rows)):
      if agrees(rows, entry) { score.right() } else { score.wrong("\(file): \(rows.prefix(3))") }
    case ("agree", .failure(let error)): score.wrong("\(file): \(error)")
    case ("empty", .success(let rows)) where rows.isEmpty: score.right()
    case ("strict-error", .failure(let error)) where error.line != nil: score.right()
    case ("not-utf8", .failure(let error)) where isPlaced(error): score.right()
    // Two parsers that disagree prove nothing about a third.
    case ("parsers-differ", .success): score.right()
    case ("parsers-differ", .failure): score.refused()
    case (let kind, let outcome): score.wrong("\(file): \(kind ?? "") \(outcome)")
    }
  }

  private func isPlaced(_ error: SourceError) -> Bool {
    // A UTF-16 mark, gzip in disguise or broken quoting may be met before the first undecodable byte.
    error.code != .badEncoding || (error.line != nil && error.byteOffset != nil)
  }

  private func agrees(_ rows: [[String]], _ entry: JSONValue) -> Bool {
    guard rows.count == entry["rows"]?.int else { return false }
    guard let expected = entry["expected"]?.array else { return true }
    let texts = expected.map { row in (row.array ?? []).map { $0.string ?? "" } }
    return rows.elementsEqual(texts) { row, wanted in
      row.elementsEqual(wanted) { $0.utf8.elementsEqual($1.utf8) }
    }
  }
}
