/// A shard file as the body of a create call: its lines, or some of them, in the provider's
/// envelope.
///
/// The file is read while it is sent; no second copy exists, on disk or in memory.
public struct ShardBody: Sendable {
  /// What the envelope adds to a file whose every line ends with a line feed: `{"requests":[`, `]}`, and a comma for
  /// each line feed but the last.
  public static let envelopeByteCount = prefix.utf8CodeUnitCount + suffix.utf8CodeUnitCount - 1

  static let prefix: StaticString = "{\"requests\":["
  static let suffix: StaticString = "]}"

  /// The file: one request a line, each ended by one line feed.
  public let path: String
  /// The parts of the file that are sent, in order; each begins at a line and ends after a line feed.
  public let ranges: [Range<Int>]
  /// The number of bytes of the whole body.
  public var byteCount: Int {
    ranges.reduce(Self.envelopeByteCount) { $0 + $1.count }
  }

  /// The whole of a file.
  ///
  /// `fileByteCount` is its size, which the writer knows; a file that is shorter fails while it is sent.
  public init(path: String, fileByteCount: Int) {
    self.init(path: path, ranges: [0..<fileByteCount])
  }

  /// Some lines of a file.
  ///
  /// - Precondition: There is at least one byte.
  public init(path: String, ranges: [Range<Int>]) {
    precondition(ranges.contains { !$0.isEmpty }, "a batch has at least one request")
    self.path = path
    self.ranges = ranges
  }

  /// The lines as a list in the envelope of a create call.
  var httpBody: HTTPBody {
    .stream(byteCount: byteCount) {
      try ShardReader(
        self, prefix: Array(UnsafeBufferPointer(Self.prefix)),
        suffix: Array(UnsafeBufferPointer(Self.suffix)), lines: .list)
    }
  }

  /// The lines as they are, but for so many bytes at their beginning.
  func lines(from offset: Int) -> HTTPBody {
    .stream(byteCount: ranges.reduce(0) { $0 + $1.count } - offset) {
      let reader = try ShardReader(self, prefix: [], suffix: [], lines: .asTheyAre)
      var piece = [UInt8](repeating: 0, count: 1 << 20)
      var left = offset
      while left > 0 {
        let length = try piece.withUnsafeMutableBytes {
          try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<min($0.count, left)]))
        }
        guard length > 0 else { throw ShardReader.Changed(path: path) }
        left -= length
      }
      return reader
    }
  }

  /// The first line that is sent, without its end; read from the file.
  ///
  /// - Throws: `SystemError`, or that the file has changed.
  func firstLine() throws -> [UInt8] {
    let reader = try ShardReader(self, prefix: [], suffix: [], lines: .asTheyAre)
    var line: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let length = try piece.withUnsafeMutableBytes { try reader.read(into: $0) }
      let read = piece[..<length]
      line += read.prefix { $0 != 0x0A }
      if length == 0 || read.contains(0x0A) { return line }
    }
  }

  /// The lines as they are, as the file of a form.
  func body(in form: MultipartForm) -> HTTPBody {
    let lines = ranges.reduce(0) { $0 + $1.count }
    return .stream(byteCount: form.prefix.count + lines + form.suffix.count) {
      try ShardReader(self, prefix: form.prefix, suffix: form.suffix, lines: .asTheyAre)
    }
  }
}
