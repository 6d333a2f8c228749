import Records
import Testing

@testable import Sandbox

/// The body of a create call, cut anywhere.
@Suite struct EnvelopeScannerTests {
  private static let body = Array(
    """
     { "requests" : [ {"a":"}]\\"{","b":[1,{"c":"ü"}]} , "text\\\\" ,12.5e3,[], null ] , "z\\"k": {"q":[]} , "n":-1}\n
    """.utf8)

  /// What is found when the body comes in these pieces.
  private func found(_ pieces: [ArraySlice<UInt8>]) -> [String] {
    var scanner = EnvelopeScanner()
    var found: [String] = []
    for piece in pieces {
      let bytes = Array(piece)
      bytes.withUnsafeBufferPointer { buffer in
        var offset = 0
        while true {
          switch scanner.next(buffer, from: &offset) {
          case .needsMore: return
          case .request: found.append("request \(scanner.value.text)")
          case .member: found.append("\(scanner.key.text) = \(scanner.value.text)")
          case .malformed:
            found.append("malformed at \(scanner.position)")
            return
          }
        }
      }
    }
    found.append(scanner.isComplete ? "complete" : "incomplete")
    return found
  }

  private static let expected = [
    #"request {"a":"}]\"{","b":[1,{"c":"ü"}]}"#, #"request "text\\""#, "request 12.5e3",
    "request []", "request null", "requests = ", #"z\"k = {"q":[]}"#, "n = -1", "complete",
  ]

  @Test func isFoundInOnePiece() {
    #expect(found([Self.body[...]]) == Self.expected)
  }

  @Test func isFoundWhereverItIsCut() {
    for cut in Self.body.indices {
      #expect(found([Self.body[..<cut], Self.body[cut...]]) == Self.expected, "cut at \(cut)")
    }
    #expect(found(Self.body.indices.map { Self.body[$0...$0] }) == Self.expected)
  }

  @Test(
    arguments: [
      ("x", "malformed at 0"), ("{1", "malformed at 1"), (#"{"a" 1"#, "malformed at 5"),
      (#"{"a":1 2"#, "malformed at 7"), (#"{"requests":[1}"#, "malformed at 14"),
      ("{} 1", "malformed at 3"),
    ])
  func brokenFramesAreFound(body: String, words: String) {
    #expect(found([Array(body.utf8)[...]]).contains(words))
  }
}
