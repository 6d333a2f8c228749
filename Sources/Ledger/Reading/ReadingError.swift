/// What stops a reading.
public enum ReadingError: Error, Sendable {
  /// A key stands a second time, at this line.
  case duplicateKey(key: [UInt8], line: Int)
}
