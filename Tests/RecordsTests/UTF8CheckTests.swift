import Records
import Testing

@Suite struct UTF8CheckTests {
  private static let bad: [[UInt8]] = [
    [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
    [0xED, 0xA0, 0x80],
    [0xE2, 0x82], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
    [0xFF], [0xF0, 0x9F, 0x98],
  ]

  private func firstError(_ bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBufferPointer { UTF8Check.firstError(in: $0) }
  }

  @Test func acceptsEveryScalar() {
    var text = ""
    for value: UInt32 in 0...0x10FFFF where value % 17 == 0 || value < 0x900 {
      if let scalar = UnicodeScalar(value) { text.unicodeScalars.append(scalar) }
    }
    #expect(firstError(Array(text.utf8)) == nil)
  }

  @Test func findsBadBytesAtEveryPlace() {
    for bytes in Self.bad {
      for before in 0..<70 {
        let padding = [UInt8](repeating: 0x61, count: before)
        #expect(firstError(padding + bytes) == before)
        #expect(firstError(padding + bytes + [0x61, 0x62]) == before)
      }
    }
  }
}
