import Records
import TestSupport
import Testing

@Suite struct CSVSourceTests {
  private let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  /// Reads a whole CSV text: each record as compact JSON, each bad row as its code.
  private func read(_ text: String, _ options: CSVOptions = CSVOptions()) throws -> [String] {
    try read(Array(text.utf8), options)
  }

  private func read(_ bytes: [UInt8], _ options: CSVOptions = CSVOptions()) throws -> [String] {
    let path = try scratch.write(bytes, to: "in.csv")
    let source = try CSVSource(ByteStream(path: path), options: options)
    var lines: [String] = []
    while true {
      do throws(SourceError) {
        guard let record = try source.next() else { return lines }
        lines.append("\(record.line) \(record.root.text)")
      } catch {
        lines.append("\(error.line ?? 0) \(error.code.rawValue)")
        if error.endsReading { return lines }
      }
    }
  }

  @Test func readsRowsWithEveryLineEnd() throws {
    let expected = [#"2 {"a":"1","b":"x"}"#, #"3 {"a":"2","b":"y"}"#]
    #expect(try read("a,b\n1,x\n2,y\n") == expected)
    #expect(try read("a,b\r\n1,x\r\n2,y") == expected)
    #expect(try read("a,b\r1,x\r2,y\r") == expected)
  }

  @Test func countsLinesInsideQuotes() throws {
    #expect(
      try read("a,b\n\"1\n\n2\",x\n3,\"\"\"q\"\"\"\n\n4,z") == [
        #"2 {"a":"1\n\n2","b":"x"}"#, #"5 {"a":"3","b":"\"q\""}"#, #"7 {"a":"4","b":"z"}"#,
      ])
  }

  @Test func reportsRaggedRowsAndReadsOn() throws {
    let text = "a,b\n1\n2,x,y\n3,z\n"
    #expect(try read(text) == ["2 ragged-row", "3 ragged-row", #"4 {"a":"3","b":"z"}"#])
    #expect(
      try read(text, CSVOptions(ragged: .pad)) == [
        #"2 {"a":"1","b":""}"#, "3 ragged-row", #"4 {"a":"3","b":"z"}"#,
      ])
    #expect(try read(text, CSVOptions(ragged: .skip)) == [#"4 {"a":"3","b":"z"}"#])
  }

  @Test func readsTypedColumns() throws {
    let options = CSVOptions(types: ["i": .integer, "n": .number, "b": .boolean, "j": .json])
    #expect(
      try read("i,n,b,j,t\n 7 ,1.50,TRUE,\"{\"\"k\"\": [1]}\",7\n,,,,\n07,1,true,1,\n", options)
        == [
          #"2 {"i":7,"n":1.50,"b":true,"j":{"k":[1]},"t":"7"}"#,
          #"3 {"i":null,"n":null,"b":null,"j":null,"t":""}"#, "4 bad-value",
        ])
  }
}
