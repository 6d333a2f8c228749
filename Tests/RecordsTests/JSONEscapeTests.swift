import Records
import Testing

@Suite struct JSONEscapeTests {
  private func escaped(_ text: String) -> String {
    var buffer = ByteBuffer()
    Array(text.utf8).withUnsafeBufferPointer { JSONEscape.append($0, to: &buffer) }
    return buffer.text
  }

  private func canonical(_ json: String) throws -> String {
    var tape = JSONTape()
    return try Array(json.utf8).withUnsafeBufferPointer { bytes in
      var buffer = ByteBuffer()
      try tape.parse(bytes).appendEscapedText(to: &buffer)
      return buffer.text
    }
  }

  @Test func escapesEveryByteThatMustBe() {
    for value in 0..<128 {
      let scalar = UnicodeScalar(UInt8(value))
      let expected =
        switch value {
        case 0x22: "\\\""
        case 0x5C: "\\\\"
        case 0x08: "\\b"
        case 0x0C: "\\f"
        case 0x0A: "\\n"
        case 0x0D: "\\r"
        case 0x09: "\\t"
        case 0..<16: "\\u000\(String(value, radix: 16))"
        case 0..<32: "\\u00\(String(value, radix: 16))"
        default: String(scalar)
        }
      // At every place of a long text, so that words and the rest after them are met.
      for before in 0..<40 {
        let padding = String(repeating: "x", count: before)
        #expect(escaped(padding + String(scalar) + "y") == padding + expected + "y")
      }
    }
  }

  @Test func givesOneFormToEachText() throws {
    let forms = [
      #""é/\n\u001f😀""#, #""\u00e9\/\u000a\u001F\ud83d\ude00""#,
      #""\u00E9/\u000A\u001f\uD83D\uDE00""#,
    ]
    for form in forms { #expect(try canonical(form) == "é/\\n\\u001f😀") }
    for form in [
      #""\u00f7""#, #""\u0041""#, #""\u2028""#, #""\u0022""#, #""\u005c""#, #""\u0008""#,
    ] {
      let once = try canonical(form)
      #expect(try canonical("\"\(once)\"") == once)
      #expect(once == escaped(try JSONValue(parsing: form).string ?? ""))
    }
  }

  /// Escapes at every place of a word, next to each other and at both ends.
  @Test func decodesWhatStandsForText() {
    let pieces = [
      ("\\\"", "\""), ("\\\\", "\\"), ("\\/", "/"), ("\\n", "\n"), ("\\t", "\t"), ("\\r", "\r"),
      ("\\b", "\u{8}"), ("\\f", "\u{C}"), ("\\u0041", "A"), ("\\u00e9", "é"), ("\\u20AC", "€"),
      ("\\ud83d\\ude00", "😀"), ("é", "é"), ("", ""),
    ]
    for (first, one) in pieces {
      for (second, other) in pieces {
        for before in 0..<10 {
          for after in [0, 1, 7, 8, 9] {
            let (head, tail) = (
              String(repeating: "x", count: before), String(repeating: "y", count: after)
            )
            var buffer = ByteBuffer()
            Array("\(head)\(first)\(second)\(tail)".utf8).withUnsafeBufferPointer {
              JSONEscape.decode($0, to: &buffer)
            }
            #expect(buffer.text == "\(head)\(one)\(other)\(tail)")
          }
        }
      }
    }
  }
}
