/// How many characters of which length a UTF-8 text has: what tells its script well enough to estimate tokens.
public struct CharacterCensus: Hashable, Sendable {
  /// ASCII: Latin letters, digits, punctuation, markup.
  public var oneByte = 0
  /// Accented Latin, Greek, Cyrillic, Hebrew, Arabic.
  public var twoByte = 0
  /// Chinese, Japanese, Korean, the scripts of India and South-East Asia, typographic signs.
  public var threeByte = 0
  /// Emoji, rare ideographs.
  public var fourByte = 0

  /// Creates a census of nothing.
  public init() {}

  /// Counts the characters of a text.
  public init(_ text: UnsafeBufferPointer<UInt8>) { add(text) }

  /// Counts the characters of a text, too.
  ///
  /// A few GB/s for ASCII, above 1 GB/s for any text.
  public mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
    var continuations = 0
    var two = 0
    var three = 0
    var four = 0
    let base = UnsafeRawPointer(text.baseAddress ?? UnsafePointer(bitPattern: 1))
    var position = 0
    while let base, position + 32 <= text.count {
      // At most 255 blocks at a time, so that no byte-wide count overflows.
      let blocks = min((text.count - position) / 32, 255)
      var counts = BlockCounts()
      for _ in 0..<blocks {
        counts.add((base + position).loadUnaligned(as: SIMD32<UInt8>.self))
        position += 32
      }
      continuations += Self.sum(counts.continuations)
      two += Self.sum(counts.two)
      three += Self.sum(counts.three)
      four += Self.sum(counts.four)
    }
    for byte in text[position...] where byte >= 0x80 {
      if byte < 0xC0 {
        continuations += 1
      } else if byte < 0xE0 {
        two += 1
      } else if byte < 0xF0 {
        three += 1
      } else {
        four += 1
      }
    }
    oneByte += text.count - continuations - two - three - four
    twoByte += two
    threeByte += three
    fourByte += four
  }

  /// Adds another census.
  public static func += (left: inout CharacterCensus, right: CharacterCensus) {
    left.oneByte += right.oneByte
    left.twoByte += right.twoByte
    left.threeByte += right.threeByte
    left.fourByte += right.fourByte
  }

  /// Byte-wide counts of up to 255 blocks.
  private struct BlockCounts {
    var continuations = SIMD32<UInt8>()
    var two = SIMD32<UInt8>()
    var three = SIMD32<UInt8>()
    var four = SIMD32<UInt8>()

    @inline(__always) mutating func add(_ block: SIMD32<UInt8>) {
      let one = SIMD32<UInt8>(repeating: 1)
      let zero = SIMD32<UInt8>()
      let isMany = block .>= 0x80
      guard any(isMany) else { return }
      let aboveContinuation = zero.replacing(with: one, where: block .>= 0xC0)
      let aboveTwo = zero.replacing(with: one, where: block .>= 0xE0)
      let aboveThree = zero.replacing(with: one, where: block .>= 0xF0)
      continuations &+= zero.replacing(with: one, where: isMany) &- aboveContinuation
      two &+= aboveContinuation &- aboveTwo
      three &+= aboveTwo &- aboveThree
      four &+= aboveThree
    }
  }

  @inline(__always) private static func sum(_ counts: SIMD32<UInt8>) -> Int {
    Int(SIMD32<UInt16>(truncatingIfNeeded: counts).wrappedSum())
  }
}
