import Testing

@testable import Pipelines

/// Places inside scalars lead back to the file, whatever the style.
@Suite struct SourceTextTests {
  private static let styles: [(yaml: String, inner: Place)] = [
    ("p: one @ two\n", Place(line: 1, column: 5)),
    ("p: one\n  two @ three\n", Place(line: 1, column: 9)),
    ("p: 'it''s @ here'\n", Place(line: 1, column: 6)),
    ("p: \"a\\n\\\"b\\\" @ \\u0041\"\n", Place(line: 2, column: 5)),
    ("p: \"one\n  two\\\n  three @\"\n", Place(line: 1, column: 14)),
    ("p: |\n  one\n    two @\n", Place(line: 2, column: 7)),
    ("p: | # comment\n\n\n  one\n  @\n", Place(line: 4, column: 1)),
    ("p: |2\n    one\n  two @\n", Place(line: 2, column: 5)),
    ("p: &x |-\n  one @\n", Place(line: 1, column: 5)),
    ("p: >\n  one\n  two @ x\n\n  three\n", Place(line: 1, column: 9)),
    ("p: >\n  one\n\n  two\n  @\n", Place(line: 2, column: 5)),
    ("p: !!str one @\n", Place(line: 1, column: 5)),
    ("é😀: \"é😀\\t😀 @\"\n", Place(line: 1, column: 6)),
  ]

  @Test(arguments: styles.indices)
  func placesLeadBack(_ index: Int) throws {
    let (yaml, inner) = Self.styles[index]
    let (root, source) = try YAMLReader.read(Array(yaml.utf8), file: "p")
    let node = try #require(root.pairs?.first?.value)
    let scalar = try #require(node.scalar)
    let value = SourceText(scalar.text)
    #expect(value.scalar(at: inner) == "@")
    let place = source.place(of: inner, in: scalar, at: node.place)
    #expect(source.scalar(at: place) == "@", "\(yaml) led to \(place)")
  }
}
