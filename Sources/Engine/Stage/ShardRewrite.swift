internal import Providers
internal import Records

/// Takes requests out of a shard file that must not be sent any more, before it is sent.
struct ShardRewrite {
  /// The file.
  let path: String

  /// Leaves out the first request of each of these keys (once for each time a key is named).
  ///
  /// - Returns: The bytes of the file that is left.
  func dropFirst(of keys: [[UInt8]]) throws -> Int {
    var left: [String: Int] = [:]
    for key in keys { left[Self.customID(of: key), default: 0] += 1 }
    return try filter { id in
      guard let count = left[id], count > 0 else { return true }
      left[id] = count - 1
      return false
    }
  }

  /// Leaves in only the requests of these keys.
  ///
  /// - Returns: The bytes of the file that is left.
  func keepOnly(_ keys: [[UInt8]]) throws -> Int {
    let wanted = Set(keys.map(Self.customID))
    return try filter { wanted.contains($0) }
  }

  /// The custom_id of a key's request. It is ASCII, so that texts that are equal are the same bytes.
  static func customID(of key: [UInt8]) -> String {
    var id = ByteBuffer(capacity: 64)
    key.withUnsafeBufferPointer { CustomID.append(for: $0, to: &id) }
    return id.text
  }

  private func filter(_ isKept: (String) -> Bool) throws -> Int {
    let source = JSONLSource(try ByteStream(path: path))
    let file = try AtomicFile(path: path)
    do {
      while let record = try source.next() {
        guard let raw = record.raw, isKept(record.root.requestID?.text ?? "") else { continue }
        try file.append(raw)
        try file.append(text: "\n")
      }
      try file.commit()
    } catch {
      file.abandon()
      throw error
    }
    return file.byteCount
  }
}
