/// A stream of which everything that is read is kept in a file of its own.
public final class SpoolingStream: ByteReader {
  private let stream: ByteStream
  private let file: AtomicFile
  private var hasher = ContentHasher()
  /// Why the file cannot be written; nothing more is written then.
  private var failure: WriteError?

  /// Begins with an empty file.
  ///
  /// - Parameters:
  ///   - stream: What is read; decompressed, if it is gzip.
  ///   - path: The file, which appears with ``finish()``.
  ///   - use: When it is read again.
  /// - Throws: `WriteError` when the file cannot be written.
  public init(_ stream: ByteStream, to path: String, _ use: AtomicFile.NextUse = .later)
    throws(WriteError)
  {
    self.stream = stream
    file = try AtomicFile(path: path, use)
  }

  /// Reads, and keeps what is read.
  public func read(
    into destination: UnsafeMutablePointer<UInt8>, capacity: Int
  ) throws(SourceError) -> Int {
    let count = try stream.read(into: destination, capacity: capacity)
    guard failure == nil else { return count }
    let part = UnsafeBufferPointer(start: destination, count: count)
    hasher.append(part)
    do throws(WriteError) { try file.append(part) } catch { failure = error }
    return count
  }

  /// Keeps what nobody has read yet.
  ///
  /// - Throws: `SourceError` when it cannot be read.
  public func readRest() throws(SourceError) {
    let chunk = UnsafeMutablePointer<UInt8>.allocate(capacity: ReadWindow.restingCapacity)
    defer { chunk.deallocate() }
    while try read(into: chunk, capacity: ReadWindow.restingCapacity) > 0 {}
  }

  /// Makes the file appear, whole and durable, with all that was read.
  ///
  /// - Returns: What it holds.
  /// - Throws: `WriteError` when it cannot be written, or could not be; the file is then as it was before.
  public func finish() throws(WriteError) -> FileSpool.Spooled {
    if let failure { throw failure }
    try file.commit()
    return FileSpool.Spooled(byteCount: file.byteCount, content: hasher.value)
  }
}
