/// Punycode (RFC 3492): text beyond ASCII written in letters, digits and hyphens.
enum Punycode {
  private static let base = 36
  private static let firstScalar = 0x80
  private static let firstBias = 72

  /// The scalars that an encoded label, without its `xn--`, stands for; nil when it stands for
  /// none.
  static func decode(_ encoded: ArraySlice<UInt8>) -> [UInt32]? {
    var result: [UInt32] = []
    var rest = encoded
    if let hyphen = encoded.lastIndex(of: 0x2D) {
      result = encoded[..<hyphen].map(UInt32.init)
      rest = encoded[(hyphen + 1)...]
    }
    var scalar = firstScalar
    var bias = firstBias
    var index = 0
    while !rest.isEmpty {
      guard let step = takeNumber(&rest, bias: bias) else { return nil }
      let before = index
      index += step
      let count = result.count + 1
      bias = adapted(index - before, count: count, isFirst: before == 0)
      scalar += index / count
      index %= count
      guard scalar <= 0x10FFFF else { return nil }
      result.insert(UInt32(scalar), at: index)
      index += 1
    }
    return result
  }

  /// A number of variable length at the start of the bytes; nil when it is malformed or too large.
  private static func takeNumber(_ rest: inout ArraySlice<UInt8>, bias: Int) -> Int? {
    var value = 0
    var weight = 1
    var place = base
    while true {
      guard let digit = rest.popFirst().flatMap(self.digit) else { return nil }
      value += digit * weight
      guard value < 1 << 31 else { return nil }
      let threshold = threshold(place, bias)
      if digit < threshold { return value }
      weight *= base - threshold
      guard weight < 1 << 31 else { return nil }
      place += base
    }
  }

  /// The encoded form without `xn--`.
  static func encode(_ scalars: [UInt32]) -> [UInt8] {
    var result = scalars.filter { $0 < 0x80 }.map { UInt8($0) }
    let basicCount = result.count
    if basicCount > 0 { result.append(0x2D) }
    var handled = basicCount
    var scalar = UInt32(firstScalar)
    var bias = firstBias
    var delta = 0
    while handled < scalars.count {
      guard let next = scalars.filter({ $0 >= scalar }).min() else { break }
      delta += Int(next - scalar) * (handled + 1)
      scalar = next
      for value in scalars {
        if value < scalar { delta += 1 }
        guard value == scalar else { continue }
        append(delta, bias: bias, to: &result)
        bias = adapted(delta, count: handled + 1, isFirst: handled == basicCount)
        delta = 0
        handled += 1
      }
      delta += 1
      scalar += 1
    }
    return result
  }

  private static func append(_ number: Int, bias: Int, to result: inout [UInt8]) {
    var rest = number
    var place = base
    while true {
      let threshold = threshold(place, bias)
      if rest < threshold { break }
      result.append(letter(threshold + (rest - threshold) % (base - threshold)))
      rest = (rest - threshold) / (base - threshold)
      place += base
    }
    result.append(letter(rest))
  }

  private static func threshold(_ place: Int, _ bias: Int) -> Int { min(max(place - bias, 1), 26) }

  private static func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
    var rest = delta / (isFirst ? 700 : 2)
    rest += rest / count
    var steps = 0
    while rest > 455 {
      rest /= 35
      steps += base
    }
    return steps + 36 * rest / (rest + 38)
  }

  private static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30 + 26
    case 0x41...0x5A: Int(byte) - 0x41
    case 0x61...0x7A: Int(byte) - 0x61
    default: nil
    }
  }

  private static func letter(_ digit: Int) -> UInt8 {
    UInt8(digit < 26 ? 0x61 + digit : 0x30 + digit - 26)
  }
}
