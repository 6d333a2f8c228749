/// Keeps what comes on standard input in a file, so that it can be read more than once.
public enum StandardInputSpool {
  /// Copies a stream to a file, decompressed, which appears whole when this returns.
  ///
  /// - Returns: The number of bytes in the file.
  /// - Throws: `SourceError` when the stream cannot be read, `WriteError` when the file cannot be written; the file is
  ///   then as it was before.
  public static func copy(_ stream: ByteStream, to path: String) throws -> Int {
    let file = try AtomicFile(path: path)
    let chunk = UnsafeMutablePointer<UInt8>.allocate(capacity: ReadWindow.restingCapacity)
    defer { chunk.deallocate() }
    while true {
      let count = try stream.read(into: chunk, capacity: ReadWindow.restingCapacity)
      if count == 0 { break }
      try file.append(UnsafeBufferPointer(start: chunk, count: count))
    }
    try file.commit()
    return file.byteCount
  }
}
