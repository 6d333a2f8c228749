/// Decimal numbers as integers of a fixed scale: no binary fraction ever touches money.
enum Decimal {
  /// A non-negative decimal without exponent times 10 to the power of `digits`; nil when it is none, has more decimals
  /// that matter, or does not fit.
  static func scaled(_ text: String, digits: Int) -> Int64? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty, parts.count == 1 || !parts[1].isEmpty,
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
    else { return nil }
    var fraction = parts.count > 1 ? parts[1] : ""
    while fraction.count > digits, fraction.last == "0" { fraction.removeLast() }
    guard fraction.count <= digits else { return nil }
    return Int64(whole + fraction + String(repeating: "0", count: digits - fraction.count))
  }
}
