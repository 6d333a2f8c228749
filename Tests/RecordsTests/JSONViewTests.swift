import Records
import Testing

@Suite struct JSONViewTests {
  private func with<Result>(_ json: String, _ body: (JSONView) throws -> Result) throws -> Result {
    var tape = JSONTape()
    return try Array(json.utf8).withUnsafeBufferPointer { try body(tape.parse($0)) }
  }

  /// The member of a name, looked for near a hint; the text of its value.
  private func member(_ json: String, _ name: String, _ hint: inout Int) throws -> String? {
    var name = name
    var near = hint
    let text = try with(json) { view in name.withUTF8 { view.member($0, near: &near)?.text } }
    hint = near
    return text
  }

  @Test func findsMembersWhateverTheHintSays() throws {
    let objects = [
      #"{"a":1,"b":{"a":8,"c":9},"c":3}"#, #"{"c":3,"b":"c","a":1}"#, #"{"x":["c",0],"c":3}"#,
      #"{"c":1,"c":3}"#, #"{"\u0063":3}"#, "{}", "[]", #""c""#,
    ]
    for first in objects {
      for second in objects {
        var hint = 0
        _ = try member(first, "c", &hint)
        let expected = second.contains("3") ? "3" : nil
        #expect(try member(second, "c", &hint) == expected, "\(first) then \(second)")
      }
    }
  }

  @Test func walksElementsAndMembers() throws {
    try with(#"[1,[2,3],{"a":[4]},"x"]"#) { view in
      #expect(view.elements.map(\.text) == ["1", "[2,3]", #"{"a":[4]}"#, "x"])
      #expect(view.element(at: -2)?.text == #"{"a":[4]}"#)
      #expect(view.element(at: 4) == nil && view.element(at: -5) == nil)
      #expect(view.count == 4)
    }
  }

  @Test func buildsWhatItParses() throws {
    let json = #"{"a":[1.50,true,null,"é\n\u001f"],"b":{"c":{}},"d":""}"#
    try with(json) { view in
      var tape = JSONTape()
      let prefix = Array("names".utf8).withUnsafeBufferPointer { tape.appendBytes($0) }
      for _ in 0..<3 {
        tape.beginBuilding(keepingBytes: prefix.upperBound)
        tape.build(view)
        #expect(tape.built.text == json)
      }
    }
  }
}
