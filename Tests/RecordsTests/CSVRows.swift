@testable import Records

/// The rows of a CSV file as lists of texts, without a header.
enum CSVRows {
  static func read(
    _ path: String, delimiter: UInt8 = 0x2C, quote: UInt8 = 0x22
  ) throws(SourceError) -> [[String]] {
    var reader = try CSVReader(ByteStream(path: path), delimiter: delimiter, quote: quote)
    var tape = JSONTape()
    var spans = CSVSpans()
    var rows: [[String]] = []
    tape.beginBuilding()
    while try reader.next(into: &tape, spans: &spans) {
      var row: [String] = []
      for index in 0..<spans.count {
        row.append(String(decoding: tape.ownedBytes(spans[index]), as: UTF8.self))
      }
      rows.append(row)
      tape.beginBuilding()
    }
    return rows
  }
}
