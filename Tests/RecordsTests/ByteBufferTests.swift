import Records
import Testing

@Suite struct ByteBufferTests {
  @Test func keepsItsBytesWhileItGrows() {
    var buffer = ByteBuffer(capacity: 16)
    var expected: [UInt8] = []
    for length in 0..<300 {
      let piece = [UInt8](repeating: UInt8(length % 256), count: length)
      buffer.append(contentsOf: piece)
      buffer.append(UInt8(length % 7))
      expected += piece + [UInt8(length % 7)]
    }
    #expect(Array(buffer.bytes) == expected)
    #expect(buffer.count == expected.count && buffer.capacity >= expected.count)
  }

  @Test func shrinksOnlyBelowWhatItHolds() {
    var buffer = ByteBuffer(capacity: 16)
    buffer.append(contentsOf: [UInt8](repeating: 1, count: 10_000))
    buffer.shrink(to: 100)
    #expect(buffer.count == 10_000)
    buffer.truncate(to: 3)
    buffer.shrink(to: 100)
    #expect(buffer.capacity == 100 && Array(buffer.bytes) == [1, 1, 1])
    buffer.removeAll()
    #expect(buffer.count == 0)
  }

  @Test func takesBytesWrittenInPlace() {
    var buffer = ByteBuffer(capacity: 16)
    let place = buffer.reserve(1000)
    for index in 0..<1000 { place[index] = UInt8(index % 251) }
    buffer.advance(by: 1000)
    buffer.append("end")
    buffer.append(decimal: -42)
    #expect(buffer.count == 1006 && buffer.text.hasSuffix("end-42"))
  }
}
