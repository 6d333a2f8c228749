internal import Records

/// Finds the requests in the body of a create call while it arrives, whatever the borders of its
/// pieces.
///
/// The body is one object; the elements of its `requests` array are handed out one at a time, as
/// bytes that are not yet known to be JSON, and nothing but the element at hand is kept. Other
/// members are handed out by name.
struct EnvelopeScanner: ~Copyable {
  /// What was completed by the bytes fed so far.
  enum Piece: Equatable {
    /// All bytes are used up.
    case needsMore
    /// An element of `requests`; its bytes are in `value`.
    case request
    /// A member of the object, its name in `key` and (unless it is the `requests` array) its bytes
    /// in `value`.
    case member
    /// The bytes are not JSON at the offset in `position`.
    case malformed
  }

  private enum State {
    case start, firstKey, key, insideKey, colon, memberValue, afterMember
    case firstRequest, request, afterRequest, end
  }

  /// What kind of value is being read and how it ends.
  private enum Reading { case none, string, nested, scalar }

  /// The element or member value that was completed last.
  private(set) var value = ByteBuffer(capacity: 4096)
  /// The name of the member at hand, as written between its quotes.
  private(set) var key = ByteBuffer(capacity: 32)
  /// The number of bytes looked at so far.
  private(set) var position = 0
  /// Whether the object has ended.
  var isComplete: Bool { state == .end }

  private var state = State.start
  private var reading = Reading.none
  private var depth = 0
  private var isInString = false
  private var isEscaped = false

  /// Reads on in `bytes` from `offset`, which is moved to where reading stopped.
  mutating func next(_ bytes: UnsafeBufferPointer<UInt8>, from offset: inout Int) -> Piece {
    while offset < bytes.count {
      if reading != .none {
        let start = offset
        let isDone = readValue(bytes, from: &offset)
        position += offset - start
        if !isDone { return .needsMore }
        return finishValue()
      }
      if state == .insideKey {
        readKey(bytes, from: &offset)
        continue
      }
      let byte = bytes[offset]
      if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
        advance(&offset)
        continue
      }
      switch step(byte, offset: &offset) {
      case .needsMore: continue
      case let piece: return piece
      }
    }
    return .needsMore
  }

  private mutating func advance(_ offset: inout Int) {
    offset += 1
    position += 1
  }

  /// One byte of the frame around the values.
  private mutating func step(_ byte: UInt8, offset: inout Int) -> Piece {
    switch (state, byte) {
    case (.start, 0x7B): state = .firstKey
    case (.firstKey, 0x22), (.key, 0x22):
      key.removeAll()
      state = .insideKey
    case (.firstKey, 0x7D), (.afterMember, 0x7D): state = .end
    case (.colon, 0x3A): state = .memberValue
    case (.memberValue, 0x5B) where isRequests: state = .firstRequest
    case (.afterMember, 0x2C): state = .key
    case (.afterRequest, 0x2C): state = .request
    case (.firstRequest, 0x5D), (.afterRequest, 0x5D):
      state = .afterMember
      advance(&offset)
      value.removeAll()
      return .member
    case (.memberValue, _), (.firstRequest, _), (.request, _):
      beginValue(byte)
      return .needsMore
    default: return .malformed
    }
    advance(&offset)
    return .needsMore
  }

  /// Whether the member at hand is the array of requests.
  private var isRequests: Bool { key.bytes.elementsEqual("requests".utf8) }

  private mutating func beginValue(_ byte: UInt8) {
    value.removeAll()
    value.shrink(to: 1 << 20)
    depth = 0
    isInString = false
    isEscaped = false
    reading = byte == 0x7B || byte == 0x5B ? .nested : byte == 0x22 ? .string : .scalar
  }

  private mutating func finishValue() -> Piece {
    reading = .none
    if state == .memberValue {
      state = .afterMember
      return .member
    }
    state = .afterRequest
    return .request
  }

  private mutating func readKey(_ bytes: UnsafeBufferPointer<UInt8>, from offset: inout Int) {
    while offset < bytes.count {
      let byte = bytes[offset]
      advance(&offset)
      if isEscaped {
        isEscaped = false
      } else if byte == 0x22 {
        state = .colon
        return
      } else {
        isEscaped = byte == 0x5C
      }
      key.append(byte)
    }
  }

  /// Copies bytes of the value at hand; true when it is complete.
  private mutating func readValue(
    _ bytes: UnsafeBufferPointer<UInt8>, from offset: inout Int
  ) -> Bool {
    let start = offset
    let isDone = reading == .scalar ? skipScalar(bytes, &offset) : skipNested(bytes, &offset)
    value.append(UnsafeBufferPointer(rebasing: bytes[start..<offset]))
    return isDone
  }

  private func skipScalar(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: inout Int) -> Bool {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x2C, 0x5D, 0x7D, 0x20, 0x0A, 0x0D, 0x09: return true
      default: offset += 1
      }
    }
    return false
  }

  private mutating func skipNested(
    _ bytes: UnsafeBufferPointer<UInt8>, _ offset: inout Int
  ) -> Bool {
    var depth = depth
    var isInString = isInString
    var isEscaped = isEscaped
    defer {
      self.depth = depth
      self.isInString = isInString
      self.isEscaped = isEscaped
    }
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == 0x5C {
          isEscaped = true
        } else if byte == 0x22 {
          isInString = false
          if depth == 0 { return true }
        }
        continue
      }
      switch byte {
      case 0x22: isInString = true
      case 0x7B, 0x5B: depth += 1
      case 0x7D, 0x5D:
        depth -= 1
        if depth <= 0 { return true }
      default: break
      }
    }
    return false
  }
}
