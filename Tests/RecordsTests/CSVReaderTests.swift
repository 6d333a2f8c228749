import Records
import TestSupport
import Testing

@Suite struct CSVReaderTests {
  /// Reads CSV as simply as can be: one byte at a time, with a state.
  private func naive(_ bytes: [UInt8]) -> [[[UInt8]]] {
    var rows: [[[UInt8]]] = []
    var row: [[UInt8]] = []
    var field: [UInt8] = []
    var isQuoted = false
    var wasQuoted = false
    var position = 0
    func at(_ offset: Int) -> UInt8? { offset < bytes.count ? bytes[offset] : nil }
    func endRow() {
      row.append(field)
      if row != [[]] || wasQuoted { rows.append(row) }
      (row, field, wasQuoted) = ([], [], false)
    }
    while let byte = at(position) {
      position += 1
      switch byte {
      case 0x22 where isQuoted && at(position) == 0x22:
        field.append(0x22)
        position += 1
      case 0x22 where isQuoted: isQuoted = false
      case _ where isQuoted: field.append(byte)
      case 0x22 where field.isEmpty && !wasQuoted: (isQuoted, wasQuoted) = (true, true)
      case 0x2C:
        row.append(field)
        (field, wasQuoted) = ([], false)
      case 0x0A: endRow()
      case 0x0D:
        if at(position) == 0x0A { position += 1 }
        endRow()
      default: field.append(byte)
      }
    }
    if !field.isEmpty || wasQuoted || !row.isEmpty { endRow() }
    return rows
  }

  /// A table made by chance, whose size in bytes is about `size`.
  private func table(seed: UInt64, size: Int) -> [UInt8] {
    var random = RandomNumbers(state: seed)
    var bytes: [UInt8] = []
    let ends: [[UInt8]] = [[0x0A], [0x0D, 0x0A], [0x0D]]
    let words = ["", "a", "bcdefgh", "é", "5\" x", "東京", String(repeating: "long ", count: 40)]
    let quoted = [
      "", "x,y", "\"\"", "\r\n", "a\"\"b\n", "\r", String(repeating: "l\nm,", count: 60),
    ]
    while bytes.count < size {
      for column in 0..<3 {
        if column > 0 { bytes.append(0x2C) }
        if random.next(2) == 0 {
          bytes += Array(words[random.next(words.count)].utf8)
        } else {
          bytes += Array("\"\(quoted[random.next(quoted.count)])\"".utf8)
        }
      }
      bytes += ends[random.next(3)]
      if random.next(20) == 0 { bytes += ends[random.next(3)] }
    }
    return bytes
  }

  @Test(arguments: [UInt64](1...6)) func agreesWithANaiveReader(_ seed: UInt64) throws {
    let scratch = try ScratchDirectory()
    // More than two windows, so that rows, quotes and CRLF straddle their edges.
    let bytes = table(seed: seed, size: seed == 1 ? 2_200_000 : 30_000)
    let rows = try CSVRows.read(scratch.write(bytes, to: "in.csv"))
    let expected = naive(bytes)
    #expect(rows.count == expected.count)
    let different = zip(rows, expected).first { read, wanted in
      !read.elementsEqual(wanted) { $0.utf8.elementsEqual($1) }
    }
    #expect(different == nil)
  }

  @Test func findsCRLFAcrossTheEdgeOfTheWindow() throws {
    let scratch = try ScratchDirectory()
    for shift in -3...3 {
      let first = String(repeating: "x", count: (1 << 20) + shift)
      let path = try scratch.write("\(first)\r\n\"y\"\r\nz", to: "in.csv")
      #expect(try CSVRows.read(path) == [[first], ["y"], ["z"]])
      let quoted = try scratch.write("\"\(first)\"\"\"\r\ny", to: "in.csv")
      #expect(try CSVRows.read(quoted) == [[first + "\""], ["y"]])
    }
  }

  @Test func refusesImpossibleDialects() throws {
    let scratch = try ScratchDirectory()
    let path = try scratch.write("a,b\n", to: "in.csv")
    for (delimiter, quote) in [(0x22, 0x22), (0x0A, 0x22), (0x2C, 0x0D), (0xE9, 0x22)] {
      let error = #expect(throws: SourceError.self) {
        try CSVRows.read(path, delimiter: UInt8(delimiter), quote: UInt8(quote))
      }
      #expect(error?.code == .badDialect)
    }
    #expect(
      CSVDialect.byte("\\t") == 9 && CSVDialect.byte("\t") == 9 && CSVDialect.byte(";") == 0x3B)
    #expect(["", ";;", "é", "\n", "\u{0}"].allSatisfy { CSVDialect.byte($0) == nil })
  }

  @Test func namesWhereAQuoteOpens() throws {
    let scratch = try ScratchDirectory()
    let path = try scratch.write("a,b\n1,\"x\ny\"\n\"2\n3\",\"z\n\n", to: "in.csv")
    let error = #expect(throws: SourceError.self) { try CSVRows.read(path) }
    #expect(error?.code == .unterminatedQuote && error?.line == 5 && error?.byteOffset == 18)
    #expect(error?.sentence.contains("begins on line 4") == true)
    let stray = try scratch.write("a,b\n1,\"x\n\"y\n", to: "in.csv")
    let second = #expect(throws: SourceError.self) { try CSVRows.read(stray) }
    #expect(second?.code == .strayQuote && second?.line == 3 && second?.byteOffset == 10)
  }
}
