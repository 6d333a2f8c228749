/// What a template or an expression reads, as far as its text tells: for finding typing errors before
/// anything runs, and for telling when a record must be asked again.
public struct FieldReads: Hashable, Sendable {
  /// A field of the record that is used by name.
  public struct Field: Hashable, Sendable {
    /// The field's name.
    public var name: String
    /// Whether every use is guarded (`is defined`, `default`), so that the field may be missing.
    public var isOptional: Bool
    /// The template of the first use; an included file has its own name.
    public var template: String
    /// The line of the first use, from 1.
    public var line: Int
    /// The column of the first use, from 1.
    public var column: Int
  }

  /// A path below one of the environment's roots.
  public struct Path: Hashable, Sendable {
    /// The root's name.
    public var root: String
    /// The members from the root down: `output.summary` is `["summary"]`; empty when the root is used whole. Those of
    /// the elements of a list stand below ``FieldReads/element``.
    public var members: [String]
    /// Whether every use is guarded, so that it may be missing.
    public var isOptional: Bool
    /// The template of the first use.
    public var template: String
    /// The line of the first use, from 1.
    public var line: Int
    /// The column of the first use, from 1.
    public var column: Int
  }

  /// The member of a path that stands for any element of a list.
  public static let element = "*"

  /// Fields of the record, in the order of their first use; each once.
  public internal(set) var fields: [Field] = []
  /// Paths below roots, in the order of their first use; each once.
  public internal(set) var paths: [Path] = []
  /// Whether `record` is used otherwise than for one of its members, so that any field may be read.
  public internal(set) var usesWholeRecord = false

  init() {}

  mutating func note(field name: String, isOptional: Bool, at place: SourcePlace) {
    if let known = fields.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
      if !isOptional { fields[known].isOptional = false }
      return
    }
    fields.append(
      Field(
        name: name, isOptional: isOptional, template: place.name, line: place.line,
        column: place.column))
  }

  mutating func note(root: String, members: [String], isOptional: Bool, at place: SourcePlace) {
    let known = paths.firstIndex { path in
      path.root.utf8.elementsEqual(root.utf8)
        && path.members.elementsEqual(members) { $0.utf8.elementsEqual($1.utf8) }
    }
    if let known {
      if !isOptional { paths[known].isOptional = false }
      return
    }
    paths.append(
      Path(
        root: root, members: members, isOptional: isOptional, template: place.name,
        line: place.line, column: place.column))
  }
}
