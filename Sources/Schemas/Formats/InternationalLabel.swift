internal import Foundation

/// A label of an internationalised host name, by the rules of IDNA 2008 (RFC 5891 and 5892). The
/// order of right-to-left text (RFC 5893) is not looked at.
enum InternationalLabel {
  private static let prefix = Array("xn--".utf8)

  /// Whether a label whose third and fourth bytes are hyphens is an encoded one, written as
  /// encoding would.
  static func isEncoded(_ label: UnsafeBufferPointer<UInt8>) -> Bool {
    let lowered = label.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    guard lowered.starts(with: prefix) else { return false }
    let encoded = lowered[prefix.count...]
    guard let scalars = Punycode.decode(encoded), scalars.contains(where: { $0 >= 0x80 }) else {
      return false
    }
    return isValid(scalars) && Punycode.encode(scalars).elementsEqual(encoded)
  }

  /// The length of a label in encoded form; nil when it is no label.
  static func encodedLength(_ label: [UInt32]) -> Int? {
    if label.allSatisfy({ $0 < 0x80 }) {
      let bytes = label.map { UInt8($0) }
      return bytes.withUnsafeBufferPointer(HostnameFormat.isLabel) ? bytes.count : nil
    }
    guard label.count <= 63, isValid(label) else { return nil }
    let length = prefix.count + Punycode.encode(label).count
    return length <= 63 ? length : nil
  }

  /// Whether scalars make a label that may be looked up (RFC 5891, 5.4).
  private static func isValid(_ label: [UInt32]) -> Bool {
    let scalars = label.compactMap(Unicode.Scalar.init)
    guard let first = scalars.first, scalars.count == label.count, label.first != 0x2D,
      label.last != 0x2D, !(label.count >= 4 && label[2] == 0x2D && label[3] == 0x2D),
      !isMark(first), isNormalised(scalars)
    else { return false }
    return scalars.indices.allSatisfy { position in
      switch ScalarRule.of(scalars[position]) {
      case .valid: true
      case .contextual: LabelContext(label: scalars).allows(position)
      case .disallowed: false
      }
    }
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }

  private static func isNormalised(_ scalars: [Unicode.Scalar]) -> Bool {
    let text = String(String.UnicodeScalarView(scalars))
    return text.precomposedStringWithCanonicalMapping.unicodeScalars.elementsEqual(scalars)
  }

  /// What IDNA 2008 says about a scalar (RFC 5892, section 3).
  private enum ScalarRule {
    case valid, contextual, disallowed

    static func of(_ scalar: Unicode.Scalar) -> ScalarRule {
      switch scalar.value {
      case 0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007, 0x2D, 0x30...0x39, 0x61...0x7A: return .valid
      case 0xB7, 0x375, 0x5F3, 0x5F4, 0x30FB, 0x660...0x669, 0x6F0...0x6F9, 0x200C, 0x200D:
        return .contextual
      case 0x640, 0x7FA, 0x302E, 0x302F, 0x3031...0x3035, 0x303B: return .disallowed
      // Old Hangul, and blocks of combining marks for symbols and music.
      case 0x1100...0x11FF, 0xA960...0xA97F, 0xD7B0...0xD7FF, 0x20D0...0x20FF, 0x1D100...0x1D24F:
        return .disallowed
      default: break
      }
      let properties = scalar.properties
      if properties.isDefaultIgnorableCodePoint || properties.isWhitespace || isUnstable(scalar) {
        return .disallowed
      }
      switch properties.generalCategory {
      case .lowercaseLetter, .uppercaseLetter, .otherLetter, .modifierLetter, .decimalNumber,
        .nonspacingMark, .spacingMark:
        return .valid
      default: return .disallowed
      }
    }

    /// Whether folding case and compatibility changes the scalar.
    private static func isUnstable(_ scalar: Unicode.Scalar) -> Bool {
      let folded = caseFolded(String(scalar).precomposedStringWithCompatibilityMapping)
        .precomposedStringWithCompatibilityMapping
      return !folded.unicodeScalars.elementsEqual(CollectionOfOne(scalar))
    }

    /// Case folding: the lower case of the upper case, but for Cherokee, which folds to upper case,
    /// and the dotless i, which folds to itself.
    private static func caseFolded(_ text: String) -> String {
      guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 else {
        return text.uppercased().lowercased()
      }
      switch scalar.value {
      case 0x131: return text
      case 0x13A0...0x13FD, 0xAB70...0xABBF: return text.uppercased()
      default: return text.uppercased().lowercased()
      }
    }
  }
}
