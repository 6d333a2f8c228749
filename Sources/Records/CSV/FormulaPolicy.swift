/// What happens to texts that a spreadsheet would take for a formula.
public enum FormulaPolicy: String, Sendable, CaseIterable {
  /// They are written as they are: right for everything but spreadsheets.
  case keep
  /// Texts that begin with `=`, `+`, `-`, `@`, tab or CR get an apostrophe before them, numbers apart.
  case escape

  /// Whether a text gets an apostrophe.
  func escapes(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard self == .escape, let first = text.first else { return false }
    switch first {
    case 0x3D, 0x40, 0x09, 0x0D: return true
    case 0x2B, 0x2D: return !Self.isNumber(text)
    default: return false
    }
  }

  /// Whether a text is a sign, digits and at most one decimal point: no formula, and more use as it is.
  private static func isNumber(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var digits = 0
    var points = 0
    for byte in text.dropFirst() {
      switch byte {
      case 0x30...0x39: digits += 1
      case 0x2E: points += 1
      default: return false
      }
    }
    return digits > 0 && points <= 1
  }
}
