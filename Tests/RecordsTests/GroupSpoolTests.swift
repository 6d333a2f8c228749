import Foundation
import TestSupport
import Testing

@testable import Records

@Suite struct GroupSpoolTests {
  /// The groups of a spool: label, line, texts.
  private func groups(_ spool: GroupSpool, limit: Int? = nil) throws -> [String] {
    var found: [String] = []
    var texts = ByteBuffer()
    while let group = try spool.nextGroup() {
      texts.removeAll()
      try spool.appendArray(of: group, limit: limit, to: &texts)
      found.append("\(String(decoding: group.label, as: UTF8.self)) \(group.line) \(texts.text)")
    }
    return found
  }

  private func add(
    _ text: String, to key: String, at place: JSONValue? = nil, line: Int = 1, _ spool: GroupSpool
  ) throws {
    var tape = JSONTape()
    var (text, key) = (text, key)
    let parsed = Array((place ?? .null).compact.utf8)
    try parsed.withUnsafeBufferPointer { bytes in
      let place = try tape.parse(bytes)
      try text.withUTF8 { text in
        try key.withUTF8 { key in
          try spool.add(text, to: key, labelled: key, at: place, line: line)
        }
      }
    }
  }

  @Test func groupsAndTextsKeepTheirOrder() throws {
    let scratch = try ScratchDirectory()
    let spool = try GroupSpool(inFolder: scratch.url.path)
    for (line, pair) in [("b", 1), ("a", 2), ("b", 3), ("é", 4), ("a", 5), ("b", 6)].enumerated() {
      try add("\(pair.1)", to: pair.0, line: line + 1, spool)
    }
    // The file has no name any more.
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).isEmpty)
    #expect(try groups(spool) == ["b 1 [1,3,6]", "a 2 [2,5]", "é 4 [4]"])
  }

  @Test func whatOrdersThemMayBeOfAnyKind() throws {
    let spool = try GroupSpool(inFolder: "/nowhere/at/all")
    let places: [JSONValue] = [
      .string("b"), .number("10"), .null, .string("a"), .number("9.5"), .number("-1"),
      .number("10"),
    ]
    for (position, place) in places.enumerated() {
      try add("\(position)", to: "x", at: place, spool)
    }
    #expect(try groups(spool, limit: 6) == ["x 1 [2,5,4,1,6,3]"])
  }

  @Test func manyGroupsInAnyOrder() throws {
    let scratch = try ScratchDirectory()
    let spool = try GroupSpool(inFolder: scratch.url.path)
    for number in 0..<20_000 { try add("\(number)", to: "g\(number * 7919 % 500)", spool) }
    let all = try groups(spool)
    #expect(all.count == 500)
    #expect(all.allSatisfy { $0.split(separator: ",").count == 40 })
  }

  @Test func aFolderThatCannotBeWrittenIsSaid() throws {
    #expect(throws: WriteError.self) { try GroupSpool(inFolder: "/proc") }
  }
}
