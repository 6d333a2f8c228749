import Foundation
import Records
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  private let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted() }
  }

  @Test func appearsWholeOrNotAtAll() throws {
    try scratch.write("old", to: "a.txt")
    let file = try AtomicFile(path: scratch.path("a.txt"))
    try file.append(text: String(repeating: "new ", count: 1_000_000))
    #expect(try scratch.text(of: "a.txt") == "old")
    try file.commit()
    #expect(try scratch.bytes(of: "a.txt").count == 4_000_000)
    #expect(file.byteCount == 4_000_000)
    #expect(try names == ["a.txt"])
  }

  @Test func leavesNothingBehindWhenAbandoned() throws {
    try scratch.write("old", to: "a.txt")
    do {
      let file = try AtomicFile(path: scratch.path("a.txt"))
      try file.append(text: "new")
      file.abandon()
      file.abandon()
      let forgotten = try AtomicFile(path: scratch.path("b.txt"))
      try forgotten.append(text: "new")
    }
    #expect(try names == ["a.txt"])
    #expect(try scratch.text(of: "a.txt") == "old")
  }

  @Test func keepsPermissionsAndSymbolicLinks() throws {
    let target = try scratch.write("old", to: "real/a.txt")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: target)
    let link = scratch.path("link.txt")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    let file = try AtomicFile(path: link)
    try file.append(text: "new")
    try file.commit()
    #expect(try scratch.text(of: "real/a.txt") == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
    let mode = try FileManager.default.attributesOfItem(atPath: target)[.posixPermissions] as? Int
    #expect(mode == 0o640)
  }

  @Test func removesWhatKilledWritersLeft() throws {
    let stale = try scratch.write("half", to: ".a.txt.1abc.partial")
    let fresh = try scratch.write("half", to: ".a.txt.2abc.partial")
    let other = try scratch.write("half", to: ".b.txt.1abc.partial")
    for path in [stale, other] {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: path)
    }
    try AtomicFile(path: scratch.path("a.txt")).commit()
    #expect(try names == [".a.txt.2abc.partial", ".b.txt.1abc.partial", "a.txt"])
    _ = fresh
  }

  @Test func saysThatTheDiskIsFull() throws {
    let file = try AtomicFile(path: "/dev/full")
    let error = #expect(throws: WriteError.self) {
      try file.append(text: "some bytes")
      try file.commit()
    }
    #expect(error?.isDiskFull == true)
    #expect(error?.path == "/dev/full" && error?.errno == 28)
    #expect(error?.hint == "free some space and run again; nothing was lost")
  }

  @Test func namesTheFolderThatIsMissing() throws {
    let path = scratch.path("none/a.txt")
    let error = #expect(throws: WriteError.self) { try AtomicFile(path: path) }
    #expect(error?.path == path && error?.code == .unwritable)
    #expect(error?.hint == "make the folder first")
    let folder = scratch.url.path
    #expect(throws: WriteError.self) { try AtomicFile(path: folder) }
  }
}
