#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Looking names up in the program's tables.
extension SchemaProgram {
  /// The number of a name in a table, -1 when it is not there.
  ///
  /// `guess` is the number to try first: models write members in the order of the schema.
  func find(
    _ name: UnsafeBufferPointer<UInt8>, in table: NameTable, guess: Int = 0
  ) -> Int {
    let count = Int(table.count)
    if guess < count, isEqual(name, names[Int(table.start) + guess]) { return guess }
    if table.mask == 0 {
      for number in 0..<count where isEqual(name, names[Int(table.start) + number]) {
        return number
      }
      return -1
    }
    var slot = NameTable.hash(name) & Int(table.mask)
    while true {
      let number = slots[Int(table.slots) + slot]
      if number < 0 { return -1 }
      if isEqual(name, names[Int(table.start) + Int(number)]) { return Int(number) }
      slot = (slot + 1) & Int(table.mask)
    }
  }

  @inline(__always)
  private func isEqual(_ name: UnsafeBufferPointer<UInt8>, _ range: PoolRange) -> Bool {
    guard name.count == Int(range.count) else { return false }
    guard let base = name.baseAddress, name.count > 0 else { return true }
    return pool.withUnsafeBufferPointer { pool in
      guard let start = pool.baseAddress else { return false }
      return memcmp(start + Int(range.start), base, name.count) == 0
    }
  }
}
