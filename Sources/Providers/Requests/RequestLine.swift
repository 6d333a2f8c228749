public import Records

/// One request while it is written into a line of a shard, and what is known of it then.
///
/// Reused from record to record.
public struct RequestLine: ~Copyable {
  /// Who speaks in a part of a request.
  ///
  /// The raw values are part of stored identities and never change.
  public enum Role: UInt8, Sendable {
    /// The system text.
    case system = 0
    /// A user's turn.
    case user = 1
    /// The model's turn, in an example or a repair.
    case assistant = 2
  }

  /// The version of the identity's definition; its first byte.
  static let identityVersion: UInt8 = 1

  /// The bytes of the line in the buffer it was written to, without a line end.
  public internal(set) var range = 0..<0
  /// The characters of all texts of the request, in escaped form.
  public internal(set) var census = CharacterCensus()
  /// The first turn or system text that has nothing but white space; nil when all have more.
  public internal(set) var blankRole: Role?
  /// The number of turns.
  public internal(set) var turnCount = 0

  /// What the attachments add to the input.
  public internal(set) var attachmentTokens = TokenEstimate.zero
  /// Whether its last turn has parts.
  var hasParts = false
  /// Where its custom_id stands in the buffer.
  var customID = 0..<0
  var role: Role?
  var partStart = 0
  var identity = ByteBuffer()

  /// Creates a line to be reused.
  public init() {}

  /// The identity of the content: over the version of this definition and, for each text in its order, its role, its
  /// length and its hash, all taken over the canonical escaped form, which stands for exactly one text. An attachment
  /// stands before the text it belongs to, by its bytes or its address.
  public var content: ContentHash { ContentHash(of: identity.bytes) }

  /// The identity of the content when the same content is asked for once a key (`identical: separate`): the record's
  /// key joins the content.
  public mutating func content(separatedBy key: UnsafeBufferPointer<UInt8>) -> ContentHash {
    let end = identity.count
    appendPart(tag: 0xFF, key)
    defer { identity.truncate(to: end) }
    return ContentHash(of: identity.bytes)
  }

  mutating func begin(at start: Int) {
    range = start..<start
    census = CharacterCensus()
    blankRole = nil
    turnCount = 0
    attachmentTokens = .zero
    hasParts = false
    role = nil
    identity.removeAll()
    identity.append(Self.identityVersion)
  }

  /// Notes an attachment of the text that follows.
  mutating func note(_ attachment: Attachment) {
    attachmentTokens += attachment.tokens
    switch attachment {
    case .file(_, let bytes, _):
      bytes.withUnsafeBufferPointer { appendPart(tag: 0xFE, $0) }
    case .link(let address):
      Array(address.utf8).withUnsafeBufferPointer { appendPart(tag: 0xFD, $0) }
    }
  }

  /// Notes a text that is complete.
  mutating func end(_ text: UnsafeBufferPointer<UInt8>) {
    guard let role else { preconditionFailure("a text ends that never began") }
    appendPart(tag: role.rawValue, text)
    census.add(text)
    if blankRole == nil, Self.isBlank(text) { blankRole = role }
    self.role = nil
  }

  private mutating func appendPart(tag: UInt8, _ text: UnsafeBufferPointer<UInt8>) {
    let hash = ContentHash(of: text)
    identity.append(tag)
    withUnsafeBytes(of: UInt64(text.count).littleEndian) { append($0) }
    withUnsafeBytes(of: hash.high.littleEndian) { append($0) }
    withUnsafeBytes(of: hash.low.littleEndian) { append($0) }
  }

  private mutating func append(_ bytes: UnsafeRawBufferPointer) {
    identity.append(bytes.assumingMemoryBound(to: UInt8.self))
  }

  /// Whether escaped text is nothing but white space; looks no further than the first other character.
  static func isBlank(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var position = 0
    while position < text.count {
      switch text[position] {
      case 0x20: position += 1
      case 0x5C where [0x6E, 0x74, 0x72].contains(text[position + 1]): position += 2
      default: return false
      }
    }
    return true
  }
}
