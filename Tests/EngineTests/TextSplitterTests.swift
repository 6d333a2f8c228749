import Pipelines
import Templates
import Testing

@testable import Engine

@Suite struct TextSplitterTests {
  private func chunks(
    _ text: String, _ size: Int, _ overlap: Int = 0, _ measure: SplitPlan.Measure = .characters
  ) throws -> [String] {
    let plan = SplitPlan(
      try CompiledExpression("text", name: "split", in: TemplateEnvironment()), measure,
      size: size, overlap: overlap)
    var text = text
    var found: [String] = []
    text.withUTF8 { bytes in
      TextSplitter(plan).forEachChunk(of: bytes) {
        found.append(String(decoding: bytes[$0], as: UTF8.self))
      }
    }
    return found
  }

  @Test(arguments: [
    // The end of a paragraph wins over that of a sentence, that over that of a word.
    ("One two. Three four.\n\nFive six. Seven", 36, ["One two. Three four.", "Five six. Seven"]),
    ("One two three. Four five six seven", 24, ["One two three.", "Four five six seven"]),
    ("one two three four", 10, ["one two", "three four"]),
    ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
    // What fits is not cut; white space around a chunk is not of it.
    ("  short  ", 5, ["short"]), ("a b", 3, ["a b"]), ("", 5, []), (" \n ", 5, []),
    // A cut in the first half would leave tiny chunks.
    ("Hm. A sentence that is much too long", 20, ["Hm. A sentence that", "is much too long"]),
    ("He said \"no.\" Then he left at once.", 20, ["He said \"no.\"", "Then he left at", "once."]),
    ("これは文です。次の文です。", 8, ["これは文です。", "次の文です。"]),
    ("ééééé", 2, ["éé", "éé", "é"]),
    ("a\r\n\r\nb c d", 7, ["a", "b c d"]),
  ])
  func itCutsWhereATextEnds(_ text: String, _ size: Int, _ expected: [String]) throws {
    #expect(try chunks(text, size) == expected)
  }

  @Test func chunksShareWholeSentencesOrWords() throws {
    let text = "Alpha beta. Gamma delta. Epsilon zeta. Eta theta."
    #expect(
      try chunks(text, 26, 13)
        == ["Alpha beta. Gamma delta.", "Gamma delta. Epsilon zeta.", "Epsilon zeta. Eta theta."])
    #expect(
      try chunks("one two three four five six", 14, 6)
        == ["one two three", "three four", "four five six"])
  }

  @Test func tokensAreEstimatedByAFixedRule() throws {
    #expect(try chunks("abcdefgh", 1, 0, .tokens) == ["abcd", "efgh"])
    #expect(try chunks("жжжж", 1, 0, .tokens) == ["жж", "жж"])
    #expect(try chunks("語語", 1, 0, .tokens) == ["語", "語"])
    #expect(try chunks("🙂🙂", 2, 0, .tokens) == ["🙂", "🙂"])
  }

  /// Each chunk has something that the one before it has not, also where half of it is shared.
  @Test func sharingDoesNotStandStill() throws {
    let sentence = String(repeating: "a", count: 49) + "."
    let text = sentence + " " + String(repeating: "b", count: 80)
    #expect(try chunks(text, 100, 50).map(\.count) == [50, 80])
    #expect(try chunks("a🙂b🙂", 2, 1, .tokens) == ["a", "🙂", "b", "🙂"])
    #expect(try chunks("abcdefghij", 4, 2) == ["abcd", "cdef", "efgh", "ghij"])
  }

  /// Whatever the text: nothing is lost, nothing is too long, and it ends.
  @Test func nothingIsLost() throws {
    var seed: UInt64 = 7
    func random(_ count: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % count
    }
    let parts = ["word", " ", ". ", "\n", "\n\n", "é", "。", "🙂", "!\" ", "a", "x.y", "\t"]
    for _ in 0..<500 {
      let text = (0..<random(120)).map { _ in parts[random(parts.count)] }.joined()
      let size = 2 + random(40)
      let overlap = random(size / 2 + 1)
      let found = try chunks(text, size, overlap)
      #expect(found.allSatisfy { !$0.isEmpty && $0.unicodeScalars.count <= size })
      var rest = text.filter { !$0.isWhitespace }[...]
      for chunk in try chunks(text, size) {
        let bare = chunk.filter { !$0.isWhitespace }
        #expect(rest.hasPrefix(bare))
        rest = rest.dropFirst(bare.count)
      }
      #expect(rest.isEmpty, "\(text.debugDescription)")
      for chunk in found { #expect(text.contains(chunk)) }
    }
  }
}
