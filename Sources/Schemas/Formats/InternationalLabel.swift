/// A label of an internationalised host name.
enum InternationalLabel {
  /// Whether a label whose third and fourth bytes are hyphens is an encoded one.
  static func isEncoded(_ label: UnsafeBufferPointer<UInt8>) -> Bool { true }

  /// The length of a label in encoded form; nil when it is none.
  static func encodedLength(_ label: [UInt32]) -> Int? { label.isEmpty ? nil : label.count }
}
