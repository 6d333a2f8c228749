#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Records

/// Packs request lines into shard files: one request a line, in the order given, each file within the
/// provider's limits.
///
/// Peak memory is one write buffer, whatever the size of the shards.
public struct ShardWriter: ~Copyable {
  /// What a shard may hold.
  public struct Limits: Hashable, Sendable {
    /// The largest number of requests.
    public var requestCount: Int
    /// The largest body of a create call in bytes, envelope included.
    public var bodyByteCount: Int

    /// Creates limits.
    public init(requestCount: Int, bodyByteCount: Int) {
      self.requestCount = requestCount
      self.bodyByteCount = bodyByteCount
    }
  }

  private static let bufferLimit = 2 << 20
  /// So many bytes that come together are written without being copied first.
  private static let directCount = 64 << 10

  private let folder: String
  private let limits: Limits
  private let name: (Int) -> String
  private var nextNumber: Int
  private var descriptor: Int32 = -1
  private var currentName = ""
  private var buffer: ByteBuffer
  private var requestCount = 0
  private var fileByteCount = 0
  private var tokens = TokenEstimate.zero
  private var early = EarlyWriting()

  /// Prepares to write; no file exists before the first line.
  ///
  /// - Parameters:
  ///   - folder: An existing folder.
  ///   - limits: What a shard may hold.
  ///   - firstNumber: The number of the first shard.
  ///   - name: The file name of the shard with a number; a file of that name is replaced.
  public init(
    folder: String, limits: Limits, firstNumber: Int = 1, name: @escaping (Int) -> String
  ) {
    self.folder = folder
    self.limits = limits
    self.name = name
    nextNumber = firstNumber
    buffer = ByteBuffer(capacity: Self.bufferLimit + 64 * 1024)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// The number of the shard that the next line goes to, if it fits there.
  public var currentNumber: Int { descriptor >= 0 ? nextNumber - 1 : nextNumber }

  /// Adds one request, without a line end; when it does not fit any more, closes the current shard and starts the
  /// next one with it.
  ///
  /// A line that alone is above the limit gets a shard of its own; `RequestCheck` refuses it beforehand.
  ///
  /// - Returns: The shard that was closed, complete and synced; nil when the line fitted.
  /// - Throws: `ShardError`; the current file is not complete then and of no use.
  public mutating func append(
    _ line: UnsafeBufferPointer<UInt8>, tokens lineTokens: TokenEstimate
  ) throws(ShardError) -> PackedShard? {
    let closed = try makeRoom(for: 1, byteCount: line.count + 1)
    buffer.append(line)
    buffer.append(0x0A)
    tokens += lineTokens
    if buffer.count >= Self.bufferLimit { try flush() }
    return closed
  }

  /// Adds some requests, each with its line end, that belong into one shard; when they do not fit any more, closes the
  /// current shard and starts the next one with them. Their tokens are not counted.
  ///
  /// - Returns: The shard that was closed, complete and synced; nil when the lines fitted.
  /// - Throws: `ShardError`; the current file is not complete then and of no use.
  public mutating func append(
    lines: UnsafeBufferPointer<UInt8>, count: Int
  ) throws(ShardError) -> PackedShard? {
    let closed = try makeRoom(for: count, byteCount: lines.count)
    if lines.count < Self.directCount {
      buffer.append(lines)
      if buffer.count >= Self.bufferLimit { try flush() }
    } else {
      try writeBuffer()
      try write(lines)
      early.reached(fileByteCount, of: descriptor)
    }
    return closed
  }

  /// Counts requests that follow, in a shard that has room for them.
  private mutating func makeRoom(
    for count: Int, byteCount: Int
  ) throws(ShardError) -> PackedShard? {
    var closed: PackedShard?
    if requestCount > 0 && !fits(count, byteCount: byteCount) { closed = try finish() }
    if descriptor < 0 { try open() }
    requestCount += count
    fileByteCount += byteCount
    return closed
  }

  /// Closes the current shard.
  ///
  /// - Returns: The shard, complete and synced with its folder; nil when there is none.
  /// - Throws: `ShardError`.
  public mutating func finish() throws(ShardError) -> PackedShard? {
    guard descriptor >= 0 else { return nil }
    try flush()
    guard fsync(descriptor) == 0 else { throw error(.sync) }
    early.ended(at: fileByteCount, of: descriptor)
    close(descriptor)
    descriptor = -1
    try syncFolder()
    let shard = PackedShard(
      name: currentName, path: path, requestCount: requestCount, fileByteCount: fileByteCount,
      tokens: tokens)
    (requestCount, fileByteCount, tokens) = (0, 0, .zero)
    return shard
  }

  /// Removes the current, incomplete shard; the closed ones stay.
  public mutating func abandon() {
    guard descriptor >= 0 else { return }
    discard(descriptor, path)
    descriptor = -1
    buffer.removeAll()
    (requestCount, fileByteCount, tokens) = (0, 0, .zero)
  }

  private var path: String { "\(folder)/\(currentName)" }

  private func fits(_ count: Int, byteCount: Int) -> Bool {
    requestCount + count <= limits.requestCount
      && fileByteCount + byteCount + ShardBody.envelopeByteCount <= limits.bodyByteCount
  }

  private mutating func open() throws(ShardError) {
    currentName = name(nextNumber)
    nextNumber += 1
    descriptor = openForWriting(path)
    early = EarlyWriting()
    if descriptor < 0 { throw error(.create) }
  }

  private mutating func flush() throws(ShardError) {
    try writeBuffer()
    early.reached(fileByteCount, of: descriptor)
  }

  private mutating func writeBuffer() throws(ShardError) {
    try write(buffer.bytes)
    buffer.removeAll()
  }

  private func write(_ bytes: UnsafeBufferPointer<UInt8>) throws(ShardError) {
    var rest = UnsafeRawBufferPointer(bytes)[...]
    while !rest.isEmpty {
      let written = writeBytes(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw error(.write) }
      rest = rest.dropFirst(written)
    }
  }

  private func syncFolder() throws(ShardError) {
    let folderDescriptor = openForReading(folder)
    guard folderDescriptor >= 0 else { throw error(.sync) }
    defer { close(folderDescriptor) }
    guard fsync(folderDescriptor) == 0 else { throw error(.sync) }
  }

  private func error(_ step: ShardError.Step) -> ShardError {
    ShardError(step, path: path, reason: .last)
  }
}
