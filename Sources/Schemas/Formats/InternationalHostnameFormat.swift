/// Internationalised host names (RFC 5890 and following).
enum InternationalHostnameFormat {
  private static let separators: Set<UInt32> = [0x2E, 0x3002, 0xFF0E, 0xFF61]

  static func accepts(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let scalars = ScalarReader.scalars(of: text)
    guard !scalars.isEmpty else { return false }
    var encodedLength = -1
    for label in scalars.split(
      omittingEmptySubsequences: false, whereSeparator: separators.contains)
    {
      guard let length = InternationalLabel.encodedLength(Array(label)) else { return false }
      encodedLength += length + 1
    }
    return encodedLength <= 253
  }

  /// The domain of a mail address (RFC 6531): labels of letters and digits of any script.
  ///
  /// Registration rules are not asked for: the address's form is.
  static func isMailDomain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.split(separator: 0x2E, omittingEmptySubsequences: false).allSatisfy { label in
      guard let first = label.first, let last = label.last, first != 0x2D, last != 0x2D else {
        return false
      }
      return label.allSatisfy { ASCII.isLetterOrDigit($0) || $0 == 0x2D || $0 >= 0x80 }
    }
  }
}
