import Foundation
import Records
import TestSupport
import Testing

/// csv-spectrum: twelve CSV files, each with the JSON that it means.
@Suite(.enabled(if: SuiteFolder.has("csv/csv-spectrum/csvs")))
struct CSVSpectrumSuite {
  @Test func readsEveryFileAsItsJSON() throws {
    let folder = try #require(SuiteFolder.url("csv/csv-spectrum"))
    let score = SuiteScore("csv-spectrum")
    let files = try FileManager.default.contentsOfDirectory(
      atPath: folder.appendingPathComponent("csvs").path)
    for file in files.sorted() {
      let name = String(file.dropLast(4))
      let json = try Data(contentsOf: folder.appendingPathComponent("json/\(name).json"))
      let value = try JSONValue(parsing: [UInt8](json))
      var expected = (value.array ?? [value]).map(\.compact)
      if name == "location_coordinates" {
        // Upstream's JSON of this file has another telephone number than its CSV.
        expected = expected.map { $0.replacingOccurrences(of: "1234567890", with: "2095257564") }
      }
      let read = Readings.csv(folder.appendingPathComponent("csvs/\(file)").path)
        .map { String($0.drop { $0 != " " }.dropFirst()) }
      if read == expected { score.right() } else { score.wrong("\(name): \(read)") }
    }
    score.report()
    #expect(score.wrong.isEmpty)
  }
}
