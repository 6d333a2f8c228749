/// The part of a text that is in memory: what was read and not yet used up.
///
/// It grows when one record is longer than it, and shrinks again afterwards.
struct ReadWindow: ~Copyable {
  /// The size of one read and of the window at rest.
  static let restingCapacity = 1 << 20
  /// The longest record.
  static let recordLimit = 1 << 30

  private let text: TextStream
  private(set) var storage: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// The offset in `storage` of the first byte not used up.
  private(set) var start = 0
  /// The offset in `storage` after the last byte read.
  private(set) var end = 0
  /// Whether the source has no more than what is in the window.
  private(set) var isAtEnd = false
  /// The offset in the text of the first byte of `storage`.
  private var storageOffset = 0

  init(_ text: TextStream) {
    self.text = text
    capacity = Self.restingCapacity
    storage = .allocate(capacity: capacity)
  }

  deinit { storage.deallocate() }

  /// What error messages call the source.
  var name: String { text.bytes.name }

  /// How many bytes of byte order mark the source began with.
  var markLength: Int { text.markLength }

  /// The offset in the source, byte order mark included, of a byte of `storage`.
  func sourceOffset(of position: Int) -> Int { storageOffset + text.markLength + position }

  /// Uses bytes up, until the offset `position`.
  @inline(__always) mutating func consume(to position: Int) { start = position }

  /// Reads more behind what is there; moves what is not used up to the front.
  ///
  /// After it, `start` is 0.
  ///
  /// - Throws: `SourceError` (`record-too-long`) when the window holds `recordLimit` bytes of one record,
  ///   and what the stream throws. `line` is where that record begins.
  mutating func fill(line: Int) throws(SourceError) {
    let kept = end - start
    guard kept < Self.recordLimit else {
      throw SourceError(
        .recordTooLong, in: name, line: line, "this record is longer than 1 GB",
        hint: "check the delimiter, the quotes and the line ends")
    }
    resize(toHold: kept)
    let length = try text.read(into: storage + end, capacity: capacity - end)
    isAtEnd = length == 0
    end += length
  }

  /// Moves `kept` unused bytes to the front of a storage with room for as many more.
  private mutating func resize(toHold kept: Int) {
    let wanted = max(Self.restingCapacity, kept * 2)
    if wanted == capacity {
      if start > 0 { storage.update(from: storage + start, count: kept) }
    } else {
      let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
      moved.update(from: storage + start, count: kept)
      storage.deallocate()
      storage = moved
      capacity = wanted
    }
    storageOffset += start
    start = 0
    end = kept
  }
}
