import Foundation
import TestSupport
import Testing

@testable import Providers

struct TLSTests {
  private static let openssl = "/usr/bin/openssl"

  private func run(_ arguments: [String]) throws -> (process: Process, output: FileHandle) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.openssl)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return (process, pipe.fileHandleForReading)
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: openssl)))
  func aCertificateNobodyVouchesForIsRefusedBeforeAnythingIsSent() async throws {
    let folder = try ScratchDirectory()
    let (key, certificate) = (folder.path("key"), folder.path("certificate"))
    let made = try run([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-days",
      "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
      "-out",
      certificate,
    ])
    made.process.waitUntilExit()
    let server = try run([
      "s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate, "-www",
    ])
    // It outlives a polite request where the tests' own process has blocked that signal.
    defer { kill(server.process.processIdentifier, SIGKILL) }
    var said = ""
    while !said.contains("ACCEPT") || !said.hasSuffix("\n") {
      let piece = server.output.availableData
      try #require(!piece.isEmpty)
      said += String(decoding: piece, as: UTF8.self)
    }
    let line = try #require(said.split(separator: "\n").last { $0.hasPrefix("ACCEPT") })
    let port = try #require(line.split(separator: ":").last)
    var request = HTTPRequest(.post, "https://127.0.0.1:\(port)/")
    request.body = .bytes([1])
    let error = await #expect(throws: HTTPFailure.self) { try await HTTPClient().send(request) }
    #expect(error?.reason == .untrusted)
    #expect(error?.phase == .notSent)
    #expect(error?.isTransient == false)
  }
}
