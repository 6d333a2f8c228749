/// A mapping with known keys.
public struct SectionSpec: Sendable {
  /// What the mapping is called in sentences and headings: `extract`.
  public let title: String
  /// One sentence about the mapping.
  public let doc: String
  /// Its keys, in the order of the reference.
  public let fields: [FieldSpec]
  /// Keys of which exactly one must be written; empty when there is no such choice.
  public let exactlyOne: [String]

  /// Creates a specification.
  public init(_ title: String, _ doc: String, exactlyOne: [String] = [], _ fields: [FieldSpec]) {
    self.title = title
    self.doc = doc
    self.fields = fields
    self.exactlyOne = exactlyOne
  }

  /// The specification of a key.
  public func field(_ name: String) -> FieldSpec? { fields.first { $0.name == name } }

  /// The same mapping where nothing is required and nothing is filled in, as under `defaults`.
  var relaxed: SectionSpec { SectionSpec(title, doc, fields.map(\.relaxed)) }
}
