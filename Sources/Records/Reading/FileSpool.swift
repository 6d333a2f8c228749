/// Keeps what can be read once, or what may change, as a file of its own.
public enum FileSpool {
  /// What was kept.
  public struct Spooled: Sendable {
    /// The bytes in the file.
    public var byteCount: Int
    /// Their hash.
    public var content: ContentHash
  }

  /// Copies a stream to a file, decompressed, which appears whole when this returns.
  ///
  /// - Returns: What the file holds.
  /// - Throws: `SourceError` when the stream cannot be read, `WriteError` when the file cannot be written; the file is
  ///   then as it was before.
  public static func copy(_ stream: ByteStream, to path: String) throws -> Spooled {
    let kept = try SpoolingStream(stream, to: path)
    try kept.readRest()
    return try kept.finish()
  }
}
