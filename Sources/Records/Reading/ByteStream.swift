#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The bytes of a file or of standard input, decompressed when they are gzip.
///
/// Compression is told by the first two bytes, never by the name: a plain file named `.gz` is read as it is. Reads go
/// straight into the caller's memory; nothing is mapped.
public final class ByteStream: ByteReader {
  /// What error messages call the source.
  public let name: String
  private let descriptor: Int32
  private let ownsDescriptor: Bool
  private let isNamedGzip: Bool
  private var inflater: GzipInflater?
  private var isSniffed = false

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: Where it is.
  ///   - name: What error messages call it; the path when nil.
  /// - Throws: `SourceError` (`source-unreadable`) when it cannot be opened or is a folder.
  public init(path: String, name: String? = nil) throws(SourceError) {
    self.name = name ?? path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    ownsDescriptor = true
    isNamedGzip = path.hasSuffix(".gz")
    guard descriptor >= 0 else {
      throw SourceError(
        .unreadable, in: name ?? path, "cannot be opened: \(SystemCall.message(errno))",
        hint: errno == ENOENT ? "check the path; it is relative to the pipeline file" : nil)
    }
  }

  /// Reads from a descriptor that stays open and belongs to the caller; standard input (0) by default.
  public init(descriptor: Int32 = 0, name: String = "standard input") {
    self.name = name
    self.descriptor = descriptor
    ownsDescriptor = false
    isNamedGzip = false
  }

  deinit {
    if ownsDescriptor, descriptor >= 0 { close(descriptor) }
  }

  /// Whether the source is gzip; known after the first read.
  public var isCompressed: Bool { inflater != nil }

  /// Reads until `capacity` bytes are there or the source ends.
  ///
  /// - Parameters:
  ///   - destination: Room for `capacity` bytes.
  ///   - capacity: How many bytes are wanted, at least 2.
  /// - Returns: How many bytes were read; fewer than `capacity` only at the end.
  /// - Throws: `SourceError` when the system cannot read, or the gzip data is damaged or cut off.
  public func read(
    into destination: UnsafeMutablePointer<UInt8>, capacity: Int
  ) throws(SourceError) -> Int {
    if !isSniffed { return try sniff(into: destination, capacity: capacity) }
    if let inflater { return try inflater.read(into: destination, capacity: capacity, from: self) }
    return try readPlain(into: destination, capacity: capacity)
  }

  /// Reads bytes as they are stored until `capacity` are there or the source ends.
  func readPlain(
    into destination: UnsafeMutablePointer<UInt8>, capacity: Int
  ) throws(SourceError) -> Int {
    var count = 0
    while count < capacity {
      let length = SystemCall.read(descriptor, destination + count, capacity - count)
      if length < 0 {
        let reason = errno == EISDIR ? "it is a folder" : SystemCall.message(errno)
        throw SourceError(.unreadable, in: name, "cannot be read: \(reason)")
      }
      if length == 0 { break }
      count += length
    }
    return count
  }

  private func sniff(
    into destination: UnsafeMutablePointer<UInt8>, capacity: Int
  ) throws(SourceError) -> Int {
    isSniffed = true
    let count = try readPlain(into: destination, capacity: capacity)
    if count == 0, isNamedGzip {
      throw SourceError(
        .truncatedGzip, in: name, "has the name of a gzip file but no bytes",
        hint: "the compression or the copy that made it did not finish")
    }
    guard GzipInflater.isGzip(destination, count: count) else { return count }
    let inflater = GzipInflater(startingWith: UnsafeBufferPointer(start: destination, count: count))
    self.inflater = inflater
    let length = try inflater.read(into: destination, capacity: capacity, from: self)
    if GzipInflater.isGzip(destination, count: length) {
      throw SourceError(
        .nestedGzip, in: name, "is gzip inside gzip", hint: "decompress it once: gzip -d")
    }
    return length
  }
}
