/// Reading numbers as Python's `int` and `float` do.
enum NumberText {
  /// An integer in a base (0: by its prefix), with white space around it and underscores between digits.
  static func integer(_ text: Text, base: Int) -> BigInteger? {
    var rest = decimal(text)[...]
    let isNegative = rest.first == 0x2D
    if isNegative || rest.first == 0x2B { rest = rest.dropFirst() }
    guard var base = Optional(base) else { return nil }
    let prefixes: [UInt8: Int] = [0x62: 2, 0x6F: 8, 0x78: 16]
    var hasPrefix = false
    if rest.count > 2, rest.first == 0x30, let found = prefixes[rest[rest.startIndex + 1] | 0x20],
      base == 0 || base == found
    {
      base = found
      hasPrefix = true
      rest = rest.dropFirst(2)
      if rest.first == 0x5F { rest = rest.dropFirst() }
    }
    if base == 0 {
      base = 10
      let isZero = rest.allSatisfy { $0 == 0x30 || $0 == 0x5F }
      if rest.first == 0x30, !isZero, !hasPrefix { return nil }
    }
    guard let digits = digits(rest), digits.count <= 4300 || base & (base - 1) == 0 else {
      return nil
    }
    return BigInteger(digits: digits, base: base).map { isNegative ? -$0 : $0 }
  }

  /// Text without white space around it, and with ASCII's digits for those of all other scripts.
  private static func decimal(_ text: Text) -> [UInt8] {
    let bytes = text.stripped().bytes
    guard bytes.contains(where: { $0 >= 0x80 }) else { return Array(bytes) }
    var result: [UInt8] = []
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      if scalar.properties.generalCategory == .decimalNumber,
        let digit = scalar.properties.numericValue
      {
        result.append(0x30 + UInt8(digit))
      } else {
        result += UTF8.encode(scalar).map(Array.init) ?? []
      }
    }
    return result
  }

  /// Digits without their underscores, which must stand one by one between digits.
  private static func digits(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var digits: [UInt8] = []
    var isAfterDigit = false
    for byte in bytes {
      if byte == 0x5F {
        guard isAfterDigit else { return nil }
        isAfterDigit = false
      } else {
        guard Text.digit(byte) != nil else { return nil }
        digits.append(byte)
        isAfterDigit = true
      }
    }
    return isAfterDigit ? digits : nil
  }

  /// A number in floating point, with white space around it; also `inf`, `infinity` and `nan`.
  static func float(_ text: Text) -> Double? {
    let bytes = decimal(text)
    var rest = bytes[...]
    if rest.first == 0x2D || rest.first == 0x2B { rest = rest.dropFirst() }
    let word = String(decoding: rest, as: UTF8.self).lowercased()
    if word == "inf" || word == "infinity" { return bytes.first == 0x2D ? -.infinity : .infinity }
    if word == "nan" { return .nan }
    let parts = rest.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 | 0x20 == 0x65 }
    guard let mantissa = parts.first, isMantissa(mantissa) else { return nil }
    if parts.count > 1 {
      var exponent = parts[1]
      if exponent.first == 0x2D || exponent.first == 0x2B { exponent = exponent.dropFirst() }
      guard isDecimal(exponent) else { return nil }
    }
    return Double(String(decoding: bytes.filter { $0 != 0x5F }, as: UTF8.self).normalisedPoint)
  }

  private static func isDecimal(_ bytes: ArraySlice<UInt8>) -> Bool {
    digits(bytes)?.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ?? false
  }

  private static func isMantissa(_ bytes: ArraySlice<UInt8>) -> Bool {
    let parts = bytes.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == 0x2E }
    if parts.count == 1 { return isDecimal(parts[0]) }
    guard !(parts[0].isEmpty && parts[1].isEmpty) else { return false }
    return parts.allSatisfy { $0.isEmpty || isDecimal($0) }
  }
}

extension String {
  /// `5.` and `.5` with a digit on both sides of the point.
  fileprivate var normalisedPoint: String {
    var result = ""
    var last: Character?
    for character in self {
      if character == ".", last?.isNumber != true { result.append("0") }
      if last == ".", !character.isNumber { result.append("0") }
      result.append(character)
      last = character
    }
    return last == "." ? result + "0" : result
  }
}
