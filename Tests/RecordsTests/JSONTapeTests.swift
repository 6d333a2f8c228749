import Records
import Testing

@Suite struct JSONTapeTests {
  /// A JSON value made by chance, as text with the spaces and escapes that a writer may choose.
  private struct Writer {
    var random: SystemRandom
    var text = ""

    mutating func value(depth: Int) {
      space()
      switch random.next(depth > 0 ? 8 : 5) {
      case 0: text += "null"
      case 1: text += "true"
      case 2: text += "false"
      case 3: number()
      case 4: string()
      case 5, 6:
        text += "{"
        for position in 0..<random.next(5) {
          if position > 0 { text += "," }
          space()
          string()
          space()
          text += ":"
          value(depth: depth - 1)
        }
        space()
        text += "}"
      default:
        text += "["
        for position in 0..<random.next(5) {
          if position > 0 { text += "," }
          value(depth: depth - 1)
        }
        space()
        text += "]"
      }
      space()
    }

    mutating func space() { text += ["", "", "", " ", "\n", "\t \r"][random.next(6)] }

    mutating func number() {
      text += ["0", "-0", "12", "-1.50", "1e3", "0.1E-7", "9223372036854775808"][random.next(7)]
    }

    mutating func string() {
      text += "\""
      for _ in 0..<random.next(60) {
        text +=
          [
            "a", "bc", " ", "é", "東", "😀", "\u{2028}", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9",
            "\\u001f",
            "\\u001F", "\\ud83d\\ude00", "\\u0000", "x", "y", "zzzzzzzz",
          ][random.next(19)]
      }
      text += "\""
    }
  }

  /// A small generator with a seed, so that a failure can be repeated.
  struct SystemRandom {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
  }

  /// The value read by a parser that is as simple as can be: recursive, over an array, one byte at a time.
  private func naive(_ text: String) -> JSONValue? {
    var parser = NaiveJSON(text)
    return parser.parse()
  }

  @Test func agreesWithANaiveParser() throws {
    for seed in 0..<500 {
      var writer = Writer(random: SystemRandom(state: UInt64(seed)))
      writer.value(depth: 4)
      let expected = try #require(naive(writer.text))
      let found = try JSONValue(parsing: writer.text)
      #expect(
        found.compact.utf8.elementsEqual(expected.compact.utf8), "seed \(seed): \(writer.text)")
      #expect(try JSONValue(parsing: found.compact) == found)
    }
  }

  @Test func agreesWithANaiveParserOnDamagedTexts() throws {
    for seed in 0..<1_000 {
      var random = SystemRandom(state: UInt64(seed))
      var writer = Writer(random: random)
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
