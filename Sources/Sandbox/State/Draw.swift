internal import Records

/// Numbers that look drawn by chance and follow from what they are drawn for: the seed and a few
/// words.
struct Draw {
  private var state: UInt64

  /// A draw for a subject.
  init(seed: UInt64, _ subject: String) {
    state = ContentHash(of: subject, seed: seed).low
  }

  /// A draw for bytes.
  init(seed: UInt64, bytes: UnsafeBufferPointer<UInt8>) {
    state = ContentHash.short(of: bytes, seed: seed)
  }

  /// A draw that goes on from a number.
  init(_ number: UInt64) { state = number }

  /// The next 64 bits (SplitMix64).
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// A number from 0 up to, and not, `limit`.
  mutating func below(_ limit: Int) -> Int {
    limit <= 1 ? 0 : Int(truncatingIfNeeded: next() % UInt64(limit))
  }

  /// A number from 0 up to, and not, 1.
  mutating func share() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Letters and digits, as the provider's ids have them.
  mutating func letters(_ count: Int) -> String {
    let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)
    var text: [UInt8] = []
    for _ in 0..<count { text.append(alphabet[below(alphabet.count)]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Hexadecimal digits.
  mutating func hexadecimal(_ count: Int) -> String {
    (0..<count).map { _ in String(below(16), radix: 16) }.joined()
  }

  /// A provider's id: a prefix, `_01` and 22 letters.
  static func id(_ prefix: String, seed: UInt64, _ subject: String) -> String {
    var draw = Draw(seed: seed, "\(prefix) \(subject)")
    return "\(prefix)_01\(draw.letters(22))"
  }
}
