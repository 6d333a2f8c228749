/// One value in a `JSONTape`: its kind and where its text lies.
///
/// Twenty bytes.
///
/// The nodes of a text stand in document order: an array is followed by its elements, an object by its
/// members, each a string node (the key) and then the value.
@frozen public struct JSONNode: Sendable {
  /// What a value is.
  @frozen public enum Kind: UInt8, Sendable {
    case null, `false`, `true`, number, string, array, object
  }

  /// What is known of a value's text without reading it again.
  @frozen public struct Flags: OptionSet, Sendable {
    /// The flags as bits.
    public let rawValue: UInt8
    /// Creates flags from bits.
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// The bytes hold JSON escapes: decode them to have the text.
    public static let needsDecoding = Flags(rawValue: 1)
    /// The bytes are not (or not known to be) in the canonical escaped form of `JSONEscape`.
    public static let needsEncoding = Flags(rawValue: 2)
    /// The object has the same key more than once; the last one counts.
    public static let duplicateKeys = Flags(rawValue: 4)
    /// The number is written without fraction and exponent.
    public static let integer = Flags(rawValue: 8)
  }

  /// What the value is.
  public var kind: Kind
  /// What is known of its text.
  public var flags: Flags
  /// The offset of the first byte of the text: for a string, after the quote; for an array or object, its
  /// bracket.
  public var start: UInt32
  /// The offset after the last byte of the text: for a string, that of the closing quote.
  public var end: UInt32
  /// The index of the first node after this value and all that is in it.
  public var next: UInt32
  /// The number of elements or members; 0 for scalars.
  public var count: UInt32

  /// Creates a node.
  @inlinable public init(
    kind: Kind, flags: Flags = [], start: UInt32, end: UInt32, next: UInt32, count: UInt32 = 0
  ) {
    self.kind = kind
    self.flags = flags
    self.start = start
    self.end = end
    self.next = next
    self.count = count
  }
}
