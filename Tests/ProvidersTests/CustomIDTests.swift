import Testing

@testable import Providers

struct CustomIDTests {
  @Test(arguments: [
    "a", "chunk-12_B", String(repeating: "x", count: 64), "-", "a-aaaaaaaaaaaaaaaaaaa",
    "a-AAAAAAAAAAAAAAAAAAAA", "a-0aaaaaaaaaaaaaaaaaaa",
  ])
  func safeKeysAreTheirOwnIDs(_ key: String) {
    #expect(CustomID.make(for: key) == key)
  }

  /// The digits were computed by another program.
  @Test(arguments: [
    ("doc:1#2", "doc12-oy5mufttxc3dhympjkmf"), ("", "-tgvanuybi6mnqyabymse"),
    ("a-aaaaaaaaaaaaaaaaaaaa", "a-aaaaaaaaaaaaaaaaaaaa-gmi45r36ydkhc3z5np64"),
    ("顾客", "-4tmp6hh3ziehqi7haenz"),
  ])
  func otherKeysAreMapped(_ key: String, _ id: String) {
    #expect(CustomID.make(for: key) == id)
  }

  @Test func madeIDsFitThePatternAndAreFoundAgain() {
    let keys = [
      String(repeating: "k", count: 65), String(repeating: "é:", count: 100), "a b", "a:b", "a_b",
    ]
    var ids: Set<String> = []
    for key in keys {
      var id = CustomID.make(for: key)
      #expect(id.utf8.count <= 64)
      #expect(id.wholeMatch(of: /[a-zA-Z0-9_-]{1,64}/) != nil)
      #expect(id.withUTF8 { CustomID.looksMapped($0) } == (id != key))
      var key = key
      #expect(id.withUTF8 { id in key.withUTF8 { CustomID.isID(id, of: $0) } })
      ids.insert(id)
    }
    #expect(ids.count == keys.count)
    var wrong = "a_b"
    var key = "a:b"
    #expect(!wrong.withUTF8 { id in key.withUTF8 { CustomID.isID(id, of: $0) } })
  }

  @Test func keysThatAreOneToUnicodeHaveTwoIDs() {
    #expect(CustomID.make(for: "\u{e9}") != CustomID.make(for: "e\u{301}"))
  }
}
