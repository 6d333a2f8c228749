/// An integer of any size: sign and magnitude, in limbs of 32 bits, least first.
struct BigInteger: Hashable, Sendable {
  private(set) var isNegative: Bool
  /// Without leading zeros; none is zero.
  private(set) var limbs: [UInt32]

  init(_ value: Int) {
    isNegative = value < 0
    limbs = []
    var rest = value.magnitude
    while rest > 0 {
      limbs.append(UInt32(truncatingIfNeeded: rest))
      rest >>= 32
    }
  }

  private init(limbs: [UInt32], isNegative: Bool) {
    var limbs = limbs
    while limbs.last == 0 { limbs.removeLast() }
    self.limbs = limbs
    self.isNegative = isNegative && !limbs.isEmpty
  }

  /// Reads digits, and a minus before them; nil when there is anything else.
  init?(digits: some Sequence<UInt8>, base: Int = 10) {
    var limbs: [UInt32] = []
    var isNegative = false
    var count = 0
    for (offset, byte) in digits.enumerated() {
      if offset == 0, byte == 0x2D {
        isNegative = true
        continue
      }
      guard let digit = Text.digit(byte), digit < base else { return nil }
      Self.multiply(&limbs, by: UInt32(base), adding: UInt32(digit))
      count += 1
    }
    guard count > 0 else { return nil }
    self.init(limbs: limbs, isNegative: isNegative)
  }

  /// The integer part of a finite number.
  init(truncating value: Double) {
    let whole = value.magnitude.rounded(.towardZero)
    guard whole >= 1 else {
      self.init(0)
      return
    }
    let shift = Int(whole.exponent) - 52
    let significand = BigInteger(Int(whole.significandBitPattern | 1 << 52))
    let magnitude =
      shift >= 0 ? significand.shifted(by: shift) : significand.shiftedDown(by: -shift)
    self.init(limbs: magnitude.limbs, isNegative: value < 0)
  }

  var isZero: Bool { limbs.isEmpty }

  /// The value as a machine integer, nil when it does not fit.
  var int: Int? {
    guard limbs.count <= 2 else { return nil }
    let magnitude = limbs.reversed().reduce(UInt(0)) { $0 << 32 | UInt($1) }
    if isNegative {
      return magnitude <= UInt(Int.max) + 1 ? Int(truncatingIfNeeded: 0 &- magnitude) : nil
    }
    return Int(exactly: magnitude)
  }

  /// The number of bits of the magnitude.
  var bitWidth: Int {
    guard let top = limbs.last else { return 0 }
    return limbs.count * 32 - top.leadingZeroBitCount
  }

  /// The nearest number in floating point, nil when it is too large.
  var double: Double? {
    let value = Double(decimal)
    return value.flatMap { $0.isFinite ? $0 : nil }
  }

  /// The value in decimal digits.
  var decimal: String {
    guard !limbs.isEmpty else { return "0" }
    var rest = limbs
    var groups: [UInt32] = []
    while !rest.isEmpty { groups.append(Self.divide(&rest, by: 1_000_000_000)) }
    var text = isNegative ? "-" : ""
    for (position, group) in groups.reversed().enumerated() {
      let digits = String(group)
      if position > 0 { text += String(repeating: "0", count: 9 - digits.utf8.count) }
      text += digits
    }
    return text
  }

  /// The magnitude's digits in a base that is a power of two or ten.
  func digits(base: Int) -> String {
    guard !limbs.isEmpty else { return "0" }
    var rest = limbs
    var digits: [UInt8] = []
    while !rest.isEmpty {
      let digit = UInt8(Self.divide(&rest, by: UInt32(base)))
      digits.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
    return String(decoding: digits.reversed(), as: UTF8.self)
  }

  private static func multiply(_ limbs: inout [UInt32], by factor: UInt32, adding: UInt32) {
    var carry = UInt64(adding)
    for index in limbs.indices {
      let product = UInt64(limbs[index]) * UInt64(factor) + carry
      limbs[index] = UInt32(truncatingIfNeeded: product)
      carry = product >> 32
    }
    if carry > 0 { limbs.append(UInt32(carry)) }
  }

  private static func divide(_ limbs: inout [UInt32], by divisor: UInt32) -> UInt32 {
    var remainder: UInt64 = 0
    for index in limbs.indices.reversed() {
      let value = remainder << 32 | UInt64(limbs[index])
      limbs[index] = UInt32(value / UInt64(divisor))
      remainder = value % UInt64(divisor)
    }
    while limbs.last == 0 { limbs.removeLast() }
    return UInt32(remainder)
  }
}

extension BigInteger: Comparable {
  static func < (left: BigInteger, right: BigInteger) -> Bool {
    if left.isNegative != right.isNegative { return left.isNegative }
    return left.isNegative
      ? isLess(right.limbs, left.limbs) : isLess(left.limbs, right.limbs)
  }

  private static func isLess(_ left: [UInt32], _ right: [UInt32]) -> Bool {
    if left.count != right.count { return left.count < right.count }
    for index in left.indices.reversed() where left[index] != right[index] {
      return left[index] < right[index]
    }
    return false
  }

  static prefix func - (value: BigInteger) -> BigInteger {
    BigInteger(limbs: value.limbs, isNegative: !value.isNegative)
  }

  var magnitude: BigInteger { BigInteger(limbs: limbs, isNegative: false) }

  static func + (left: BigInteger, right: BigInteger) -> BigInteger {
    if left.isNegative == right.isNegative {
      return BigInteger(limbs: sum(left.limbs, right.limbs), isNegative: left.isNegative)
    }
    if isLess(left.limbs, right.limbs) {
      return BigInteger(
        limbs: difference(right.limbs, left.limbs), isNegative: right.isNegative)
    }
    return BigInteger(limbs: difference(left.limbs, right.limbs), isNegative: left.isNegative)
  }

  static func - (left: BigInteger, right: BigInteger) -> BigInteger { left + -right }

  private static func sum(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    var carry: UInt64 = 0
    for index in 0..<max(left.count, right.count) {
      let value =
        carry + (index < left.count ? UInt64(left[index]) : 0)
        + (index < right.count ? UInt64(right[index]) : 0)
      result.append(UInt32(truncatingIfNeeded: value))
      carry = value >> 32
    }
    if carry > 0 { result.append(UInt32(carry)) }
    return result
  }

  /// - Precondition: `left` is not less than `right`.
  private static func difference(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    var borrow: Int64 = 0
    for index in left.indices {
      var value = Int64(left[index]) - borrow - (index < right.count ? Int64(right[index]) : 0)
      borrow = value < 0 ? 1 : 0
      if value < 0 { value += 1 << 32 }
      result.append(UInt32(value))
    }
    return result
  }

  static func * (left: BigInteger, right: BigInteger) -> BigInteger {
    guard !left.isZero, !right.isZero else { return BigInteger(0) }
    var result = [UInt32](repeating: 0, count: left.limbs.count + right.limbs.count)
    for (offset, limb) in left.limbs.enumerated() {
      var carry: UInt64 = 0
      for (index, other) in right.limbs.enumerated() {
        let value = UInt64(limb) * UInt64(other) + UInt64(result[offset + index]) + carry
        result[offset + index] = UInt32(truncatingIfNeeded: value)
        carry = value >> 32
      }
      result[offset + right.limbs.count] = UInt32(carry)
    }
    return BigInteger(limbs: result, isNegative: left.isNegative != right.isNegative)
  }

  /// The magnitude and sign, times two to the power of `count`.
  func shifted(by count: Int) -> BigInteger {
    var result = [UInt32](repeating: 0, count: count / 32)
    let bits = UInt64(count % 32)
    var carry: UInt64 = 0
    for limb in limbs {
      let value = UInt64(limb) << bits | carry
      result.append(UInt32(truncatingIfNeeded: value))
      carry = value >> 32
    }
    if carry > 0 { result.append(UInt32(carry)) }
    return BigInteger(limbs: result, isNegative: isNegative)
  }

  /// The magnitude divided by two to the power of `count`, cut, with the sign.
  func shiftedDown(by count: Int) -> BigInteger {
    var result: [UInt32] = []
    let bits = UInt64(count % 32)
    for index in min(count / 32, limbs.count)..<limbs.count {
      let high = index + 1 < limbs.count ? UInt64(limbs[index + 1]) : 0
      result.append(UInt32(truncatingIfNeeded: (high << 32 | UInt64(limbs[index])) >> bits))
    }
    return BigInteger(limbs: result, isNegative: isNegative)
  }

  /// The quotient rounded down, and the remainder, which has the divisor's sign.
  ///
  /// - Precondition: The divisor is not zero.
  func flooredDivision(by divisor: BigInteger) -> (quotient: BigInteger, remainder: BigInteger) {
    var (quotient, remainder) = magnitudeDivision(by: divisor)
    quotient = BigInteger(limbs: quotient.limbs, isNegative: isNegative != divisor.isNegative)
    remainder = BigInteger(limbs: remainder.limbs, isNegative: isNegative)
    if !remainder.isZero, remainder.isNegative != divisor.isNegative {
      quotient = quotient - BigInteger(1)
      remainder = remainder + divisor
    }
    return (quotient, remainder)
  }

  /// The division of the magnitudes, bit by bit: exact, and fast enough for the integers of templates.
  func magnitudeDivision(
    by divisor: BigInteger
  ) -> (quotient: BigInteger, remainder: BigInteger) {
    if divisor.limbs.count == 1 {
      var limbs = limbs
      let remainder = Self.divide(&limbs, by: divisor.limbs[0])
      return (BigInteger(limbs: limbs, isNegative: false), BigInteger(Int(remainder)))
    }
    let divisor = divisor.magnitude
    var quotient = [UInt32](repeating: 0, count: limbs.count)
    var remainder = BigInteger(0)
    for bit in stride(from: bitWidth - 1, through: 0, by: -1) {
      remainder = remainder.shifted(by: 1)
      if limbs[bit / 32] >> UInt32(bit % 32) & 1 == 1 { remainder = remainder + BigInteger(1) }
      if !(remainder < divisor) {
        remainder = remainder - divisor
        quotient[bit / 32] |= 1 << UInt32(bit % 32)
      }
    }
    return (BigInteger(limbs: quotient, isNegative: false), remainder)
  }
}
