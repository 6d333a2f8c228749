/// The text of a byte stream as UTF-8, without byte order mark.
///
/// UTF-8 itself is passed on unchecked: the reader of the records checks it, for it knows the line.
final class TextStream {
  private static let chunk = 1 << 16

  let bytes: ByteStream
  private let encoding: TextEncoding
  private var decoder: TextDecoder?
  private var isStarted = false
  private var stored: [UInt8] = []
  private var storedStart = 0
  private var isAtEnd = false
  /// How many bytes of byte order mark came before the text that `read` gives.
  private(set) var markLength = 0

  init(_ bytes: ByteStream, encoding: TextEncoding) {
    self.bytes = bytes
    self.encoding = encoding
  }

  /// Reads until `capacity` bytes (at least 16) of UTF-8 are nearly there or the source ends.
  ///
  /// - Returns: How many bytes; 0 only at the end.
  func read(
    into destination: UnsafeMutablePointer<UInt8>, capacity: Int
  ) throws(SourceError) -> Int {
    guard encoding != .utf8 else { return try readUTF8(into: destination, capacity: capacity) }
    if !isStarted { try start() }
    var count = 0
    while capacity - count >= 16 {
      if storedStart == stored.count || (stored.count - storedStart < 4 && !isAtEnd) {
        try refill()
      }
      if storedStart == stored.count { break }
      count += try decode(into: destination + count, capacity: capacity - count)
    }
    return count
  }

  private func readUTF8(
    into destination: UnsafeMutablePointer<UInt8>, capacity: Int
  ) throws(SourceError) -> Int {
    let count = try bytes.read(into: destination, capacity: capacity)
    guard !isStarted else { return count }
    isStarted = true
    if count >= 2,
      (destination[0], destination[1]) == (0xFF, 0xFE)
        || (destination[0], destination[1]) == (0xFE, 0xFF)
    {
      throw SourceError(
        .wrongEncoding, in: bytes.name, line: 1, column: 1, byteOffset: 0,
        "begins with the byte order mark of UTF-16", hint: "set encoding: utf-16")
    }
    let hasMark =
      count >= 3 && destination[0] == 0xEF && destination[1] == 0xBB && destination[2] == 0xBF
    guard hasMark else { return count }
    markLength = 3
    destination.update(from: destination + 3, count: count - 3)
    if count == 3 { return try bytes.read(into: destination, capacity: capacity) }
    return count - 3
  }

  private func start() throws(SourceError) {
    isStarted = true
    try refill()
    var order = encoding
    if encoding == .utf16 {
      let first = stored.first ?? 0
      order =
        stored.starts(with: [0xFE, 0xFF]) || (first == 0 && stored.count > 1)
        ? .utf16BigEndian : .utf16LittleEndian
    }
    switch order {
    case .utf16BigEndian where stored.starts(with: [0xFE, 0xFF]): storedStart = 2
    case .utf16LittleEndian where stored.starts(with: [0xFF, 0xFE]): storedStart = 2
    default: break
    }
    markLength = storedStart
    decoder = TextDecoder(order, offset: storedStart)
  }

  /// Moves what is left to the front and reads behind it.
  private func refill() throws(SourceError) {
    let rest = Array(stored[storedStart...])
    var count = 0
    var failure: SourceError?
    stored = [UInt8](unsafeUninitializedCapacity: rest.count + Self.chunk) { buffer, length in
      guard let base = buffer.baseAddress else { return }
      _ = buffer.update(fromContentsOf: rest)
      do throws(SourceError) {
        count = try bytes.read(into: base + rest.count, capacity: Self.chunk)
      } catch {
        failure = error
      }
      length = rest.count + count
    }
    if let failure { throw failure }
    storedStart = 0
    isAtEnd = count < Self.chunk
  }

  private func decode(
    into destination: UnsafeMutablePointer<UInt8>, capacity: Int
  ) throws(SourceError) -> Int {
    guard var decoder else { return 0 }
    var progress = TextDecoder.Progress()
    let fault = stored.withUnsafeBufferPointer { buffer in
      decoder.decode(
        UnsafeBufferPointer(rebasing: buffer[storedStart...]), isLast: isAtEnd,
        into: destination, capacity: capacity, progress: &progress)
    }
    self.decoder = decoder
    storedStart += progress.consumed
    guard let fault else { return progress.produced }
    throw SourceError(
      .badEncoding, in: bytes.name, line: decoder.line, byteOffset: decoder.offset,
      "byte \(decoder.offset) \(fault) in \(encoding.rawValue)",
      hint: "set encoding: to what the file was saved in")
  }
}
