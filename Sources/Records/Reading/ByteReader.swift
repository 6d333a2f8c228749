/// What bytes are read from, in order.
public protocol ByteReader: AnyObject {
  /// Reads until `capacity` bytes are there or the source ends.
  ///
  /// - Parameters:
  ///   - destination: Room for `capacity` bytes.
  ///   - capacity: How many bytes are wanted, at least 2.
  /// - Returns: How many bytes were read; fewer than `capacity` only at the end.
  /// - Throws: `SourceError` when the source cannot be read.
  func read(
    into destination: UnsafeMutablePointer<UInt8>, capacity: Int
  ) throws(SourceError) -> Int
}
