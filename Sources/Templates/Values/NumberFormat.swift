#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Numbers in floating point with a given number of digits, exactly rounded.
enum NumberFormat {
  /// Digits after the point: `%.2f`.
  static func fixed(_ value: Double, _ digits: Int) -> String { format("%.*f", value, digits) }

  /// One digit before the point, an exponent: `%.2e`.
  static func exponential(_ value: Double, _ digits: Int) -> String {
    format("%.*e", value, digits)
  }

  /// Significant digits, in the shorter form: `%.2g`, with `keepsZeros` `%#.2g`.
  static func general(_ value: Double, _ digits: Int, keepsZeros: Bool = false) -> String {
    format(keepsZeros ? "%#.*g" : "%.*g", value, digits)
  }

  private static func format(_ format: String, _ value: Double, _ digits: Int) -> String {
    withVaList([Int32(clamping: digits), value]) { arguments in
      var buffer = [CChar](repeating: 0, count: 400 + max(digits, 0))
      let count = vsnprintf(&buffer, buffer.count, format, arguments)
      return String(
        decoding: buffer.prefix(max(0, Int(count))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
