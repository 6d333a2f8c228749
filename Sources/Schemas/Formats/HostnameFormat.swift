/// Host names (RFC 1123, 2.1): labels of letters, digits and inner hyphens, at most 63 bytes each
/// and 253 in all.
///
/// A label that claims to be an internationalised one (`xn--`) must be one.
enum HostnameFormat {
  static func accepts(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard !text.isEmpty, text.count <= 253 else { return false }
    return text.split(separator: 0x2E, omittingEmptySubsequences: false).allSatisfy { label in
      isLabel(UnsafeBufferPointer(rebasing: label))
    }
  }

  static func isLabel(_ label: UnsafeBufferPointer<UInt8>) -> Bool {
    guard (1...63).contains(label.count), label[0] != 0x2D, label[label.count - 1] != 0x2D,
      label.allSatisfy({ ASCII.isLetterOrDigit($0) || $0 == 0x2D })
    else { return false }
    guard label.count >= 4, label[2] == 0x2D, label[3] == 0x2D else { return true }
    return InternationalLabel.isEncoded(label)
  }
}
