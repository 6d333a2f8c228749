import Foundation
import Records
import TestSupport
import Testing

/// The hostile files of the shared suites: each leads to what its manifest says.
@Suite(.enabled(if: SuiteFolder.has("bad-inputs/MANIFEST.json")))
struct BadInputSuite {
  private func path(_ name: String) throws -> String {
    try #require(SuiteFolder.url("bad-inputs/\(name)")).path
  }

  private func csv(_ name: String, _ options: CSVOptions = CSVOptions()) throws -> [String] {
    Readings.csv(try path(name), options)
  }

  @Test(arguments: [
    ("gz-multimember.csv.gz", #"[{"id":"1"},{"id":"2"},{"id":"3"}]"#),
    ("gz-multimember-empty-middle.csv.gz", #"[{"id":"1"},{"id":"2"},{"id":"3"}]"#),
    ("gz-trailing-zeros.csv.gz", #"[{"id":"1"}]"#), ("gz-header-flags.csv.gz", #"[{"id":"1"}]"#),
    ("plain-named.csv.gz", #"[{"id":"1"}]"#),
  ]) func readsGzip(_ name: String, _ expected: String) throws {
    let ids = try csv(name).map { line in
      try JSONValue(parsing: String(line.drop { $0 != "{" }))["id"] ?? .null
    }
    #expect(JSONValue.array(ids.map { .object(["id": $0]) }).compact == expected)
  }

  @Test(arguments: [
    ("gz-in-gz.csv.gz", "nested-gzip"), ("gz-truncated.csv.gz", "truncated-gzip"),
    ("gz-bad-crc.csv.gz", "bad-gzip"), ("gz-empty-file.csv.gz", "truncated-gzip"),
    ("csv-utf16le-bom.csv", "wrong-encoding"),
    ("csv-unterminated-quote-5MB.csv", "unterminated-quote"),
  ]) func endsWithAnError(_ name: String, _ code: String) throws {
    let read = try csv(name)
    #expect(read.last?.hasSuffix(code) == true, "\(read.suffix(1))")
  }

  @Test func namesTheRowOfAnUnterminatedQuote() throws {
    let text = try String(contentsOfFile: path("csv-unterminated-quote-5MB.csv"), encoding: .utf8)
    let before = text.prefix { $0 != "\"" }
    let line = before.utf8.filter { $0 == 0x0A }.count + 1
    #expect(try csv("csv-unterminated-quote-5MB.csv").last == "\(line) unterminated-quote")
  }

  @Test func readsWideAndLongRowsInLinearTime() throws {
    let clock = ContinuousClock()
    let spent = try clock.measure {
      let wide = try CSVSource(ByteStream(path: path("csv-100k-columns.csv")))
      #expect(wide.fields?.count == 100_000)
      #expect(try wide.next()?.root.count == 100_000)
      #expect(try csv("csv-10MB-field.csv").count == 2)
    }
    #expect(spent < .seconds(20), "an unoptimised build takes under a second")
  }

  @Test func skipsTheMarkBeforeAQuotedHeader() throws {
    let source = try CSVSource(ByteStream(path: path("csv-bom-quoted-header.csv")))
    #expect(source.fields == ["id", "te\"xt"])
    #expect(source.dialect.hasByteOrderMark)
  }

  @Test func decodesUTF16WhenAsked() throws {
    let source = try CSVSource(
      ByteStream(path: path("csv-utf16le-bom.csv")), options: CSVOptions(encoding: .utf16))
    #expect(source.fields == ["id", "text"])
    #expect(try source.next() != nil)
  }

  @Test func keepsNUL() throws {
    let read = try csv("csv-nul-bytes.csv")
    #expect(read.contains { $0.contains(#"\u0000"#) }, "\(read)")
  }

  @Test func reportsEachRaggedRowAndKeepsTheOthers() throws {
    #expect(
      try csv("csv-ragged.csv") == [
        "2 ragged-row", "3 ragged-row", #"4 {"id":"3","text":"c"}"#, #"5 {"id":"","text":""}"#,
      ])
  }

  @Test func splitsOnBytesAndTellsKeysApart() throws {
    #expect(try csv("csv-lfcr-noeol.csv").count == 2)
    #expect(try csv("csv-crlf-grapheme.csv").count == 2)
    let twins = try csv("csv-nfc-nfd-ids.csv").map { Array($0.dropFirst(2).utf8) }
    #expect(twins.count == 2 && twins[0] != twins[1])
    let ids = try csv("csv-dup-ids.csv").map {
      try JSONValue(parsing: String($0.dropFirst(2)))["id"]
    }
    #expect(ids == ["1", "1", "01", "1.0", " 1"].map(JSONValue.string))
    #expect(try csv("csv-path-ids.csv").allSatisfy { $0.hasSuffix("}") })
  }

  @Test func passesFormulasThrough() throws {
    let scratch = try ScratchDirectory()
    let source = try CSVSource(ByteStream(path: path("csv-formula.csv")))
    let sink = try CSVSink(
      path: scratch.path("out.csv"), fields: source.fields, setting: [], dialect: source.dialect)
    while let record = try source.next() { try sink.write(record, setting: nil) }
    try sink.finish()
    #expect(
      try scratch.text(of: "out.csv") == "id,text\n1,=cmd|' /C calc'!A0\n2,@SUM(A1)\n3,-1+1\n")
  }

  @Test(arguments: [
    ("jsonl-deep-nesting.jsonl", ["1 bad-json", #"2 {"id":2,"text":"ok"}"#]),
    ("jsonl-deep-object.jsonl", ["1 bad-json"]),
    ("jsonl-control-chars.jsonl", ["1 bad-json"]),
  ]) func refusesBadLines(_ name: String, _ expected: [String]) throws {
    let read = Readings.jsonl(try path(name))
    #expect(read.count == expected.count)
    #expect(read.first == expected.first)
  }

  @Test func readsTheLastOfRepeatedKeys() throws {
    let source = JSONLSource(try ByteStream(path: path("jsonl-dup-keys.jsonl")))
    let record = try #require(try source.next())
    #expect(record.root["text"]?.text == "b")
    #expect(record.root.text == #"{"id":1,"text":"a","text":"b"}"#)
  }

  @Test func splitsLinesAtLineFeedsOnly() throws {
    let read = Readings.jsonl(try path("jsonl-ls-ps-nel.jsonl"))
    #expect(read.count == 2 && read.allSatisfy { $0.hasSuffix("}") }, "\(read)")
  }

  @Test func readsEveryStorageClassOfSQLite() throws {
    let file = try path("sqlite-types.db")
    #expect(
      Readings.sqlite(file, .table("t")) == ["1 blob-value", "2 infinite-real", "3 blob-value"])
    #expect(
      Readings.sqlite(file, .query("SELECT id, a, hex(b) AS b, d, e FROM t WHERE id <> 2")) == [
        #"1 {"id":1,"a":9223372036854775807,"b":"00FF10","d":"tex't","e":1.5}"#,
        #"2 {"id":3,"a":0.1,"b":"0000000000","d":"","e":1000}"#,
      ])
    #expect(
      Readings.sqlite(file, .query("SELECT a, b, d FROM t WHERE id = 2")) == [
        #"1 {"a":-9223372036854775808,"b":null,"d":null}"#
      ])
  }

  @Test func quotesHostileNamesInSQLite() throws {
    let file = try path("sqlite-names.db")
    #expect(
      Readings.sqlite(file, .table("we\"ird t;able\nx")) == [
        #"1 {"a b":"1","select":"2","":"3","é":"4"}"#
      ])
    #expect(Readings.sqlite(file, .table("nr")) == [#"1 {"k":"k","v":1}"#])
    #expect(Readings.sqlite(file, .table("v")) == [#"1 {"x.y":"1"}"#])
  }

  @Test func readsAndRefusesDatabases() throws {
    #expect(
      Readings.sqlite(try path("sqlite-utf16.db"), .table("t")) == [
        #"1 {"id":1,"text":"é😀"}"#, #"2 {"id":2,"text":"x"}"#,
      ])
    #expect(
      Readings.sqlite(
        try path("sqlite-dup-columns.db"), .query("SELECT * FROM a JOIN b ON a.id = b.id"))
        == ["0 duplicate-column"])
    let corrupt = try path("sqlite-corrupt.db")
    let tables = (try? SQLiteTable.names(in: corrupt)) ?? ["t"]
    #expect(
      Readings.sqlite(corrupt, .table(tables.first ?? "t")).last?.hasSuffix("bad-database") == true)
  }
}
