internal import CZlib

/// Decompresses gzip (RFC 1952): any number of members one after the other, empty ones too, and zero padding after
/// the last.
///
/// A class because zlib's state holds a pointer to its stream, which therefore must not move.
final class GzipInflater {
  private static let chunk = 1 << 16

  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutablePointer<UInt8>
  private var isBetweenMembers = false
  private var isFinished = false
  /// The bytes that `startingWith` brought, of which `headStart` are used up.
  private var head: [UInt8]
  private var headStart = 0

  /// Whether bytes begin like a gzip member.
  static func isGzip(_ bytes: UnsafePointer<UInt8>, count: Int) -> Bool {
    count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
  }

  /// Starts with bytes that were already read from the source.
  init(startingWith bytes: UnsafeBufferPointer<UInt8>) {
    head = Array(bytes)
    input = .allocate(capacity: Self.chunk)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 + 16: the largest window, and gzip framing with its checksum.
    let status = inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib has memory for its window and is the version compiled for")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// Decompresses until `capacity` bytes are there or the last member has ended.
  func read(
    into destination: UnsafeMutablePointer<UInt8>, capacity: Int, from source: ByteStream
  ) throws(SourceError) -> Int {
    let wanted = min(capacity, Int(UInt32.max))
    stream.pointee.next_out = destination
    stream.pointee.avail_out = UInt32(wanted)
    while stream.pointee.avail_out > 0, !isFinished {
      if stream.pointee.avail_in == 0, try !refill(from: source) {
        guard isBetweenMembers else {
          throw SourceError(
            .truncatedGzip, in: source.name, "the gzip data ends in the middle",
            hint: "the compression or the copy that made it did not finish")
        }
        isFinished = true
        break
      }
      if isBetweenMembers, try !beginMember(of: source) { continue }
      try inflateOnce(of: source)
    }
    return wanted - Int(stream.pointee.avail_out)
  }

  private func inflateOnce(of source: ByteStream) throws(SourceError) {
    switch inflate(stream, Z_NO_FLUSH) {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: isBetweenMembers = true
    default:
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "unknown reason"
      throw SourceError(
        .badGzip, in: source.name, "the gzip data is damaged (\(reason))",
        hint: "test it with gzip -t")
    }
  }

  /// Looks at the byte after a member: padding is passed over, a new member begins.
  private func beginMember(of source: ByteStream) throws(SourceError) -> Bool {
    while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0 {
      stream.pointee.next_in += 1
      stream.pointee.avail_in -= 1
    }
    guard stream.pointee.avail_in > 0 else { return false }
    guard stream.pointee.next_in.pointee == 0x1F else {
      throw SourceError(
        .badGzip, in: source.name, "there are bytes after the gzip data that are not gzip",
        hint: "test it with gzip -t")
    }
    inflateReset(stream)
    isBetweenMembers = false
    return true
  }

  /// Brings the next input; false when there is none.
  private func refill(from source: ByteStream) throws(SourceError) -> Bool {
    var count = min(Self.chunk, head.count - headStart)
    if count > 0 {
      _ = UnsafeMutableBufferPointer(start: input, count: count)
        .update(fromContentsOf: head[headStart..<headStart + count])
      headStart += count
      if headStart == head.count { head = []; headStart = 0 }
    } else {
      count = try source.readPlain(into: input, capacity: Self.chunk)
    }
    stream.pointee.next_in = input
    stream.pointee.avail_in = UInt32(count)
    return count > 0
  }
}
