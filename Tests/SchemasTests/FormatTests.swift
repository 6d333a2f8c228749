import Records
import Schemas
import Testing

@Suite struct FormatTests {
  static func accepts(_ format: String, _ text: String) throws -> Bool? {
    let fixture = try SchemaFixture(
      #"{"format": "\#(format)"}"#, options: SchemaOptions(formats: .assertion))
    return fixture.verdict(on: text.debugJSON)
  }

  @Test(
    arguments: [
      (
        "date", ["2020-02-29", "1900-01-01"],
        ["2021-02-29", "1900-02-29", "2020-1-1", "2020-13-01", "২020-01-01"]
      ),
      (
        "duration", ["P4DT12H30M5S", "P1Y", "P2W", "PT0S", "PT1H", "P1M1D"],
        ["P", "PT", "P1Y1D", "P1D2H", "P2D1Y", "P1W1D", "1Y", "PT1H1S", "P٢Y", "P1"]
      ),
      (
        "hostname", ["a", "www.example.com", "xn--4gbwdl.xn--wgbh1c", "1host", "a-b.c0"],
        [
          "", ".", "-a", "a-", "a..b", "a_b", "a.", "xn--X", "ab--c", "é.com",
          String(repeating: "a", count: 64),
        ]
      ),
      (
        "idn-hostname", ["실례.테스트", "bücher.de", "l·l", "α͵β", "א׳ב", "・ぁ", "क्‍ष", "بي‌بي", "fuß"],
        [
          "〮한국", "A·l", "a·l", "α͵S", "A׳ב", "def・abc", "क‍ष", "ab٠۰", "\u{300}a", "Ünder", "x。",
          "ab--é",
        ]
      ),
      (
        "ipv4", ["1.2.3.4", "255.0.0.255"],
        ["1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.4 ", "0x1.2.3.4"]
      ),
      (
        "ipv6",
        ["::", "::1", "1::", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1::8", "1:2:3:4:5:6:1.2.3.4"],
        [
          "1", ":::", "1::2::3", "1:2:3:4:5:6:7:8:9", ":1", "1:", "::1%eth0", "12345::", "::1.2.3",
          "1:2:3:4:5:6:7::8:9",
        ]
      ),
      (
        "uuid", ["2EB8AA08-aa98-11ea-b4aa-73b441d16380"],
        [
          "2eb8aa08aa9811eab4aa73b441d16380", "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
          "2eb8aa08-aa98-11ea-b4aa_73b441d16380",
        ]
      ),
      (
        "uri",
        [
          "http://a.b/?q#f", "urn:x:y", "ldap://[2001:db8::7]/c=GB?one", "mailto:a@b.c",
          "http://[v1.a:b]/",
        ],
        [
          "//a", "/a", "http:// a", "http://a/\\", "bar,baz:foo", ":x", "http://[x]/",
          "http://a/%g0", "ht_tp://a", "http://a/{b}",
        ]
      ),
      (
        "iri", ["http://ƒøø.ßår/?∂éœ=πîx#π", "http://a/%C3%A9"],
        ["/âππ", "http://2001:0db8:85a3:0000:0000:8a2e:0370:7334", "http://a/\u{E000}"]
      ),
      ("json-pointer", ["", "/", "/a~0b~1c", "/é"], ["a", "/~", "/~2", "#/a"]),
      ("relative-json-pointer", ["0", "1/a", "10#"], ["/a", "01", "-1", "1a", "0##"]),
      (
        "regex", ["^a+$", "(a)\\1", "[\\d-]", "(?<n>a)\\k<n>", "(?i:a)"],
        ["^(abc]", "\\a", "a{2,1}", "\\2(a)", "(?<n>a)\\k<m>", "]", "(?i)a", "\\_"]
      ),
      ("no-such-format", ["anything"], []),
    ] as [(String, [String], [String])])
  func verdicts(_ format: String, _ right: [String], _ wrong: [String]) throws {
    for text in right {
      #expect(try Self.accepts(format, text) == true, "\(format): \(text)")
    }
    for text in wrong {
      #expect(try Self.accepts(format, text) == false, "\(format): \(text)")
    }
  }

  @Test func annotationNeverFails() throws {
    #expect(try SchemaFixture(#"{"format":"email"}"#).verdict(on: #""nobody""#) == true)
  }

  @Test func aMetaschemaMayAskForAssertion() throws {
    let metaschema = """
      {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "http://x/meta",
       "$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/core": true,
         "https://json-schema.org/draft/2020-12/vocab/format-assertion": true}}
      """
    let options = SchemaOptions(documents: ["http://x/meta": try .init(parsing: metaschema)])
    let fixture = try SchemaFixture(
      #"{"$schema":"http://x/meta","format":"ipv4"}"#, options: options)
    #expect(fixture.verdict(on: #""1.2.3.4""#) == true)
    #expect(fixture.verdict(on: #""nobody""#) == false)
  }
}
