/// What scalars mean where more than text is wanted.
enum ScalarReading {
  private static let units: [(name: String, bytes: Int)] = [
    ("KIB", 1 << 10), ("MIB", 1 << 20), ("GIB", 1 << 30), ("KB", 1_000), ("MB", 1_000_000),
    ("GB", 1_000_000_000), ("B", 1),
  ]

  /// A number of bytes: decimal digits, perhaps with a fraction, and perhaps a unit after them
  /// (letter case aside; KB is 1000 bytes, KiB 1024). Nil for anything else, and for what is not a
  /// whole number of bytes or does not fit.
  static func byteCount(_ scalar: YAMLScalar) -> Int? {
    let text = scalar.text.uppercased()
    let unit = units.first { text.hasSuffix($0.name) }
    let digits = text.dropLast(unit?.name.count ?? 0).filter { $0 != " " }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy(isDigits), let whole = Int(parts[0])
    else {
      return nil
    }
    let (bytes, isTooLarge) = whole.multipliedReportingOverflow(by: unit?.bytes ?? 1)
    guard !isTooLarge else { return nil }
    guard parts.count == 2 else { return bytes }
    guard let fraction = Double("0.\(parts[1])"), let unit, unit.bytes > 1 else { return nil }
    return bytes + Int((fraction * Double(unit.bytes)).rounded())
  }

  /// A decimal number that is not negative, in billionths: no binary fraction ever touches money.
  /// Nil for anything else, for more than nine decimals, and for what does not fit.
  static func billionths(_ scalar: YAMLScalar) -> Int64? {
    let parts = scalar.text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy(isDigits) else { return nil }
    let fraction = parts.count == 2 ? parts[1] : ""
    guard fraction.count <= 9 else { return nil }
    return Int64(parts[0] + fraction + String(repeating: "0", count: 9 - fraction.count))
  }

  /// US dollars in billionths, perhaps with a `$` before them. Nil as above.
  static func dollars(_ scalar: YAMLScalar) -> Int64? {
    guard scalar.text.hasPrefix("$") else { return billionths(scalar) }
    return billionths(
      YAMLScalar(String(scalar.text.dropFirst()), style: scalar.style, isText: scalar.isText))
  }

  /// One printable ASCII character or a tab (also written `tab`); nil for anything else.
  static func character(_ scalar: YAMLScalar) -> UInt8? {
    if ["tab", "\\t", "\t"].contains(scalar.text) { return 0x09 }
    let bytes = Array(scalar.text.utf8)
    guard bytes.count == 1, bytes[0] >= 0x20, bytes[0] < 0x7F else { return nil }
    return bytes[0]
  }

  private static func isDigits(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// The milliseconds of a time such as `10m`.
  static func milliseconds(_ scalar: YAMLScalar) -> Int64? {
    if scalar.text == "0" { return 0 }
    let units: [Character: Int64] = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard let unit = scalar.text.last.flatMap({ units[$0] }), scalar.text.utf8.count <= 7,
      scalar.text.dropLast().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let count = Int64(scalar.text.dropLast())
    else { return nil }
    return count * unit
  }
}
