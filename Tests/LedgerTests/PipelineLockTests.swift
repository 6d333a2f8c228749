import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct PipelineLockTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  /// Whether the lock of a folder can be taken now; it is let go of at once.
  private func isFree(_ folder: String) throws -> Bool {
    switch try PipelineLock.acquire(inFolder: folder) {
    case .some: true
    case .none: false
    }
  }

  @Test func oneHolderAtATime() throws {
    let folder = scratch.path("state/p")
    let first = try PipelineLock.acquire(inFolder: folder)
    #expect(try !isFree(folder))
    #expect(try isFree(scratch.path("state/q")))
    _ = consume first
    #expect(try isFree(folder))
    #expect(try isFree(folder))
  }

  @Test(.enabled(if: OtherProcess.exists)) func anotherProcessHoldsItUntilItIsKilled() throws {
    let folder = scratch.path("state/p")
    try scratch.write("", to: "state/p/lock")
    let other = try OtherProcess(locking: folder + "/lock")
    #expect(try !isFree(folder))
    other.kill()
    #expect(try isFree(folder))
  }

  @Test(.enabled(if: OtherProcess.exists)) func aChildDoesNotInheritIt() throws {
    let folder = scratch.path("state/p")
    try scratch.write("", to: "state/q/lock")
    let lock = try PipelineLock.acquire(inFolder: folder)
    // Started while the lock is held, it lives on.
    let child = try OtherProcess(locking: scratch.path("state/q/lock"))
    _ = consume lock
    #expect(try isFree(folder))
    child.kill()
  }
}

/// A process that holds a lock on a file.
private final class OtherProcess {
  private static let flock = "/usr/bin/flock"
  private let process = Process()
  private let input = Pipe()

  static var exists: Bool {
    if FileManager.default.isExecutableFile(atPath: flock) { return true }
    FileHandle.standardError.write(Data("SKIPPED: there is no \(flock)\n".utf8))
    return false
  }

  /// Starts it; the lock is held when this returns.
  init(locking path: String) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: Self.flock)
    // One process, not two: killed, it lets go.
    process.arguments = ["--exclusive", "--no-fork", path, "/bin/sh", "-c", "echo held; exec cat"]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let said = output.fileHandleForReading.readData(ofLength: 5)
    #expect(String(decoding: said, as: UTF8.self) == "held\n")
  }

  /// Kills it and waits for its end.
  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
