import Records
import TestSupport
import Testing

@Suite struct TextEncodingTests {
  private let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  private func read(_ bytes: [UInt8], _ encoding: TextEncoding) throws -> [String] {
    Readings.csv(try scratch.write(bytes, to: "in.csv"), CSVOptions(encoding: encoding))
  }

  private func utf16(_ text: String, isBigEndian: Bool = false) -> [UInt8] {
    text.utf16.flatMap { unit -> [UInt8] in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      return isBigEndian ? [high, low] : [low, high]
    }
  }

  @Test func decodesSingleByteEncodings() throws {
    let bytes = Array("t\n".utf8) + [0x80, 0xE9, 0x0A]
    #expect(try read(bytes, .windows1252) == [#"2 {"t":"€é"}"#])
    #expect(try read(bytes, .latin1) == ["2 {\"t\":\"\u{80}é\"}"])
    #expect(try read(Array("t\na\n".utf8) + [0x81], .windows1252) == ["3 bad-encoding"])
  }

  @Test func decodesUTF16OfBothOrders() throws {
    let text = "t,u\né😀,\"a\nb\"\n"
    let expected = [#"2 {"t":"é😀","u":"a\nb"}"#]
    #expect(try read(utf16("\u{FEFF}" + text), .utf16) == expected)
    #expect(try read(utf16("\u{FEFF}" + text, isBigEndian: true), .utf16) == expected)
    #expect(try read(utf16(text), .utf16) == expected)
    #expect(try read(utf16(text, isBigEndian: true), .utf16) == expected)
    #expect(try read(utf16(text), .utf16LittleEndian) == expected)
    #expect(try read(utf16(text, isBigEndian: true), .utf16BigEndian) == expected)
  }

  @Test func refusesHalfCharacters() throws {
    #expect(try read(utf16("t\na") + [0x41], .utf16) == ["2 bad-encoding"])
    #expect(try read(utf16("t\na") + [0x00, 0xD8, 0x41, 0x00], .utf16) == ["2 bad-encoding"])
  }

  @Test func decodesMoreThanOneChunk() throws {
    let row = String(repeating: "é😀x", count: 30_000)
    let text = "t\n" + String(repeating: row + "\n", count: 5)
    let read = try read(utf16(text), .utf16)
    #expect(read == (2...6).map { "\($0) {\"t\":\"\(row)\"}" })
  }

  @Test func namesLineAndByteOfWhatIsNotUTF8() throws {
    let bytes: [UInt8] = [0xEF, 0xBB, 0xBF] + Array("t\nok\n\"x\n".utf8) + [0xE9, 0x22, 0x0A]
    let path = try scratch.write(bytes, to: "in.csv")
    let source = try CSVSource(ByteStream(path: path))
    #expect(try source.next()?.root.text == #"{"t":"ok"}"#)
    let error = #expect(throws: SourceError.self) { try source.next() }
    #expect(error?.line == 4)
    #expect(error?.byteOffset == 11)
    #expect(error?.sentence == "byte 11 (0xE9) is not UTF-8")
  }

  @Test func asksForUTF16() throws {
    let path = try scratch.write(utf16("\u{FEFF}t\n"), to: "in.csv")
    let error = #expect(throws: SourceError.self) { try CSVSource(ByteStream(path: path)) }
    #expect(error?.code == .wrongEncoding)
    #expect(error?.hint == "set encoding: utf-16")
  }
}
