import Foundation
import Records
import TestSupport
import Testing

@Suite struct SinkTests {
  private let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  /// Calls `body` with an object parsed from JSON.
  private func with<Result>(_ json: String?, _ body: (JSONView?) throws -> Result) throws -> Result
  {
    guard let json else { return try body(nil) }
    var tape = JSONTape()
    return try Array(json.utf8).withUnsafeBufferPointer { try body(tape.parse($0)) }
  }

  private func copy(
    _ source: any RecordSource, to sink: any RecordSink, setting: String?
  ) throws {
    try with(setting) { setting in
      while let record = try source.next() { try sink.write(record, setting: setting) }
    }
    try sink.finish()
  }

  private func jsonl(_ text: String, setting: String?) throws -> String {
    let path = try scratch.write(text, to: "in.jsonl")
    let sink = try JSONLSink(path: scratch.path("out.jsonl"))
    try copy(JSONLSource(try ByteStream(path: path)), to: sink, setting: setting)
    return try scratch.text(of: "out.jsonl")
  }

  private func csv(
    _ text: String, setting: String?, _ names: [String] = [], _ options: CSVOptions = CSVOptions(),
    _ formulas: FormulaPolicy = .keep
  ) throws -> String {
    let path = try scratch.write(text, to: "in.csv")
    let source = try CSVSource(ByteStream(path: path), options: options)
    let sink = try CSVSink(
      path: scratch.path("out.csv"), fields: source.fields, setting: names,
      dialect: source.dialect, formulas: formulas)
    try copy(source, to: sink, setting: setting)
    return String(decoding: try scratch.bytes(of: "out.csv"), as: UTF8.self)
  }

  @Test(arguments: [
    (#"{"a": 1.0, "b":"\u00e9"}"#, nil, #"{"a": 1.0, "b":"\u00e9"}"#),
    (#"{"a": 1.0}"#, #"{"s":"x"}"#, #"{"a": 1.0,"s":"x"}"#),
    (#"{}"#, #"{"s":1,"t":null}"#, #"{"s":1,"t":null}"#),
    (#"  { "a" : 1 } "#, #"{"s":[1, 2]}"#, #"{ "a" : 1,"s":[1,2]}"#),
    (#"{"a":1,"s":"old","b":2}"#, #"{"s":{"k":"é\/"}}"#, #"{"a":1,"s":{"k":"é/"},"b":2}"#),
    (#"{"s":[1,[2]],"t":"}","a":-1e5}"#, #"{"a":0,"t":"y","s":1}"#, #"{"s":1,"t":"y","a":0}"#),
    (#"{"s":1,"s":2}"#, #"{"s":3}"#, #"{"s":1,"s":3}"#),
    (#"{"\u0073":1}"#, #"{"s":3}"#, #"{"\u0073":3}"#),
    (#"{"a":1}"#, #"{"\u0061":3}"#, #"{"a":3}"#),
  ]) func splicesIntoJSONLines(_ line: String, _ setting: String?, _ expected: String) throws {
    #expect(try jsonl(line + "\n", setting: setting) == expected + "\n")
    // The second record meets the hints that the first left.
    #expect(
      try jsonl("{\"z\":0}\n\(line)\r\n\(line)", setting: setting).hasSuffix(
        "\(expected)\n\(expected)\n"))
  }

  /// An object made by chance, some of its keys from a few names.
  private func object(_ random: inout RandomNumbers) -> String {
    let names = [
      #""a""#, #""b""#, #""\u0061""#, #""é""#, #""\u00e9""#, #""""#, #""a\/b""#, #""a/b""#,
    ]
    let members = (0..<random.next(7)).map { _ in
      var value = RandomJSON(random: random)
      value.value(depth: 2)
      random = value.random
      return " \(names[random.next(names.count)])\t:\(value.text)"
    }
    return "{\(members.joined(separator: ",")) }"
  }

  @Test func setsWhatIsSetAndNothingElse() throws {
    var random = RandomNumbers(state: 7)
    var lines: [String] = []
    for round in 0..<60 {
      if round % 20 == 0 { lines = (0..<3).map { _ in object(&random) } }
      // JSON lines have no line ends inside.
      let records = lines.map { $0.filter { !$0.isNewline } }
      let setting = try JSONValue(parsing: object(&random))
      let written = try jsonl(records.joined(separator: "\n"), setting: setting.compact)
        .split(separator: "\n").map { try JSONValue(parsing: String($0)) }
      #expect(written.count == records.count)
      for (record, result) in zip(try records.map { try JSONValue(parsing: $0) }, written) {
        let keys = Set(
          ((record.members ?? []) + (setting.members ?? [])).map { Array($0.key.utf8) })
        #expect(result.members?.count == keys.count)
        for member in result.members ?? [] {
          let expected = setting[member.key] ?? record[member.key]
          #expect(member.value.compact == expected?.compact, "\(records) \(setting.compact)")
        }
      }
    }
  }

  @Test func keepsTheDialectAndQuotesOnlyWhatMustBe() throws {
    #expect(
      try csv(
        "\u{FEFF}\"a\";b\r\n\"1\";\"x;y\"\r\n2;\"\"\"q\"\"\"\r\n", setting: nil, [],
        CSVOptions(delimiter: 0x3B))
        == "\u{FEFF}a;b\r\n1;\"x;y\"\r\n2;\"\"\"q\"\"\"\r\n")
    #expect(
      try csv("a\tb\n1\tx,y\n", setting: nil, [], CSVOptions(delimiter: 0x09)) == "a\tb\n1\tx,y\n")
    #expect(
      try csv("a,b\r1,'x,y'\r", setting: nil, [], CSVOptions(quote: 0x27)) == "a,b\r1,'x,y'\r")
  }

  @Test func writesEveryKindOfValue() throws {
    let setting = #"{"s":"a,\n\"b\"","n":1.50,"t":true,"z":null,"j":{"k":[1, 2]}}"#
    #expect(
      try csv("id\n1\n", setting: setting, ["s", "n", "t", "z", "j"])
        == "id,s,n,t,z,j\n1,\"a,\n\"\"b\"\"\",1.50,true,,\"{\"\"k\"\":[1,2]}\"\n")
  }

  @Test func replacesColumnsWhereTheyStand() throws {
    #expect(
      try csv("id,s,x\n1,old,y\n", setting: #"{"s":"new","t":2}"#, ["s", "t"])
        == "id,s,x,t\n1,new,y,2\n")
    #expect(try csv("id,s\n1,old\n", setting: nil, ["s", "t"]) == "id,s,t\n1,old,\n")
  }

  @Test func keepsTheTextOfTypedColumns() throws {
    let options = CSVOptions(types: ["b": .boolean, "j": .json, "n": .number])
    #expect(
      try csv("b,j,n\nTRUE,\"{\"\"k\"\": 1}\", 7\n", setting: nil, [], options)
        == "b,j,n\nTRUE,\"{\"\"k\"\": 1}\", 7\n")
  }

  @Test func writesEmptyFilesAndLoneEmptyFields() throws {
    #expect(try csv("a,b\n", setting: nil, ["s"]) == "a,b,s\n")
    #expect(try csv("a\n\"\"\nx\n", setting: nil) == "a\n\"\"\nx\n")
    #expect(try jsonl("", setting: nil) == "")
  }

  @Test func escapesFormulasWhenAsked() throws {
    let text = "a,b\n=1,@x\n-5,+1.5\n-1+1,\"-a,b\"\n"
    #expect(try csv(text, setting: nil) == text)
    #expect(
      try csv(text, setting: nil, [], CSVOptions(), .escape)
        == "a,b\n'=1,'@x\n-5,+1.5\n'-1+1,\"'-a,b\"\n")
  }

  @Test func writesOneFormatFromAnother() throws {
    let path = try scratch.write("id,t\n1,\"a\"\"b\"\n", to: "x.csv")
    let lines = try JSONLSink(path: scratch.path("x.jsonl"))
    try copy(CSVSource(ByteStream(path: path)), to: lines, setting: #"{"t":2,"u":"é"}"#)
    #expect(try scratch.text(of: "x.jsonl") == #"{"id":"1","t":2,"u":"é"}"# + "\n")
    let table = try CSVSink(path: scratch.path("y.csv"), fields: nil, setting: ["u", "v"])
    try copy(
      JSONLSource(try ByteStream(path: scratch.path("x.jsonl"))), to: table, setting: #"{"v":[]}"#)
    #expect(try scratch.text(of: "y.csv") == "id,t,u,v\n1,2,é,[]\n")
  }

  @Test func refusesFieldsThatTheHeaderLacks() throws {
    let path = try scratch.write("{\"a\":1}\n{\"b\":1}\n", to: "in.jsonl")
    let sink = try CSVSink(path: scratch.path("out.csv"), fields: nil, setting: [])
    let error = #expect(throws: WriteError.self) {
      try copy(JSONLSource(try ByteStream(path: path)), to: sink, setting: nil)
    }
    #expect(error?.code == .unknownField)
    #expect(FileManager.default.fileExists(atPath: scratch.path("out.csv")) == false)
  }
}
