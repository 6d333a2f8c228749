import Records
import Testing

@Suite struct JSONTapeTests {
  /// The value read by a parser that is as simple as can be: recursive, over an array, one byte at a time.
  private func naive(_ text: String) -> JSONValue? {
    var parser = NaiveJSON(text)
    return parser.parse()
  }

  @Test func agreesWithANaiveParser() throws {
    for seed in 0..<500 {
      var writer = RandomJSON(random: RandomNumbers(state: UInt64(seed)))
      writer.value(depth: 4)
      let expected = try #require(naive(writer.text))
      let found = try JSONValue(parsing: writer.text)
      #expect(
        found.compact.utf8.elementsEqual(expected.compact.utf8), "seed \(seed): \(writer.text)")
      #expect(try JSONValue(parsing: found.compact) == found)
    }
  }

  @Test func aCopyOnATapeIsTheSameValue() throws {
    for seed in 0..<500 {
      var writer = RandomJSON(random: RandomNumbers(state: UInt64(seed)))
      writer.value(depth: 4)
      var bytes = Array(writer.text.utf8)
      try bytes.withUnsafeMutableBufferPointer { bytes in
        var parsed = JSONTape()
        var copy = JSONTape()
        let view = try parsed.parse(UnsafeBufferPointer(bytes))
        copy.beginBuilding()
        copy.build(view)
        #expect(compact(copy.built) == compact(view), "seed \(seed): \(writer.text)")
        #expect(JSONValue(copy.built) == JSONValue(view), "seed \(seed): \(writer.text)")
        let expected = compact(view)
        // The copy has the text itself.
        bytes.update(repeating: 0)
        #expect(compact(copy.built) == expected, "seed \(seed)")
      }
    }
  }

  @Test func aCopyKeepsEscapesAndFindsItsKeys() throws {
    let text = #"{"\u00e9\u000a":"\u0041\/\n","plain":"é","é":{"a\"b":[]}}"#
    try Array(text.utf8).withUnsafeBufferPointer { bytes in
      var parsed = JSONTape()
      var copy = JSONTape()
      copy.beginBuilding()
      copy.build(try parsed.parse(bytes))
      #expect(copy.built["é\n"]?.text == "A/\n")
      #expect(copy.built["é"]?["a\"b"]?.count == 0)
      #expect(compact(copy.built) == #"{"é\n":"A/\n","plain":"é","é":{"a\"b":[]}}"#)
    }
  }

  private func compact(_ view: JSONView) -> String {
    var text = ByteBuffer()
    view.appendJSON(to: &text)
    return text.text
  }

  @Test func agreesWithANaiveParserOnDamagedTexts() throws {
    for seed in 0..<1_000 {
      var random = RandomNumbers(state: UInt64(seed))
      var writer = RandomJSON(random: random)
      writer.value(depth: 3)
      var bytes = Array(writer.text.utf8)
      for _ in 0...random.next(2) where !bytes.isEmpty {
        let place = random.next(bytes.count)
        switch random.next(3) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(Array("\"\\{}[],:0e-\u{1}".utf8)[random.next(12)], at: place)
        default: bytes.swapAt(place, random.next(bytes.count))
        }
      }
      var parser = NaiveJSON(bytes)
      let expected = parser.parse()
      let found = try? JSONValue(parsing: bytes)
      #expect(
        (found == nil) == (expected == nil),
        "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
    }
  }

  @Test func marksRepeatedKeysOfSmallAndLargeObjects() throws {
    for size in [2, 3, 31, 32, 33, 34, 400] {
      let names = (0..<size).map { "\"k\($0)\":\($0)" }
      #expect(try isMarked("{\(names.joined(separator: ","))}") == false)
      #expect(try isMarked("{\((names + ["\"k0\":1"]).joined(separator: ","))}"))
      #expect(try isMarked("{\((names + [#""\u006b1":1"#]).joined(separator: ","))}"))
    }
    #expect(try isMarked("{\"\u{E9}\":1,\"e\u{301}\":2}") == false)
    #expect(try isMarked(#"{"a":{"b":1},"b":2}"#) == false)
  }

  private func isMarked(_ text: String) throws -> Bool {
    var tape = JSONTape()
    return try Array(text.utf8).withUnsafeBufferPointer {
      try tape.parse($0).node.flags.contains(.duplicateKeys)
    }
  }

  @Test func refusesNestingAboveTheLimit() throws {
    let limit = JSONTape.depthLimit
    let deep = String(repeating: "[", count: limit) + String(repeating: "]", count: limit)
    #expect(throws: Never.self) { try JSONValue(parsing: deep) }
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "[\(deep)]") }
    #expect(error == JSONError(.tooDeep, at: limit))
  }
}
