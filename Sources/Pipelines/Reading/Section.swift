internal import Records

/// A mapping of a pipeline file that is read by its specification.
///
/// What is written but does not fit was reported by `FieldTypeCheck` and is nil here, like what is
/// not written and has no default.
struct Section {
  /// The mapping; nil when it was left out.
  let node: YAMLNode?
  /// Where the mapping's key stands.
  let place: Place
  private let spec: SectionSpec

  init(_ node: YAMLNode?, _ spec: SectionSpec, at place: Place) {
    self.node = node
    self.spec = spec
    self.place = node?.place ?? place
  }

  /// A value as written; nil when it is not.
  func written(_ name: String) -> YAMLNode? {
    _ = field(name)
    guard let value = node?[name], !value.isNull else { return nil }
    return value
  }

  /// Where a value is written, or else where the mapping is.
  func place(of name: String) -> Place { written(name)?.place ?? place }

  /// A mapping below this one, perhaps left out.
  func section(_ name: String) -> Section {
    let spec: SectionSpec
    switch field(name).type {
    case .section(let section), .either(_, let section): spec = section
    default: wrongUse(name)
    }
    let node = written(name)
    return Section(node?.pairs == nil ? nil : node, spec, at: place)
  }

  /// A text, with its place; nil when it is not written.
  func text(_ name: String) -> LocatedText? {
    guard let node = written(name), let scalar = node.scalar else { return nil }
    return LocatedText(scalar: scalar, place: node.place)
  }

  /// A text or its default.
  func word(_ name: String) -> String? {
    text(name)?.text ?? field(name).defaultValue?.string
  }

  /// One of the words of a choice, as the enumeration that has them.
  func choice<Choice: RawRepresentable<String>>(_ name: String) -> Choice? {
    // YAML takes the word `null` for no value, and it may be one of the choice.
    let null = node?[name]?.scalar.flatMap { $0.isNull ? Choice(rawValue: $0.text) : nil }
    return null ?? word(name).flatMap(Choice.init(rawValue:))
  }

  /// An integer or its default.
  func integer(_ name: String) -> Int? {
    let field = field(name)
    let range: ClosedRange<Int>
    switch field.type {
    case .integer(let allowed), .either(.integer(let allowed), _): range = allowed
    default: wrongUse(name)
    }
    guard let node = written(name) else { return field.defaultValue?.int }
    return node.scalar?.int.flatMap { range.contains($0) ? $0 : nil }
  }

  /// A number of bytes or its default.
  func byteCount(_ name: String) -> Int? {
    let scalar = written(name).map(\.scalar) ?? defaultScalar(name)
    return scalar.flatMap { ScalarReading.byteCount($0) }
  }

  /// A decimal number in billionths.
  func billionths(_ name: String) -> Int64? {
    written(name)?.scalar.flatMap { ScalarReading.billionths($0) }
  }

  /// US dollars in billionths.
  func dollars(_ name: String) -> Int64? {
    written(name)?.scalar.flatMap { ScalarReading.dollars($0) }
  }

  /// A limit on records or its default.
  func recordLimit(_ name: String) -> RecordLimit? {
    let scalar = written(name).map(\.scalar) ?? defaultScalar(name)
    return scalar.flatMap { RecordLimit($0.text) }
  }

  /// A share from 0 to 1 or its default.
  func share(_ name: String) -> Double? {
    let scalar = written(name).map(\.scalar) ?? defaultScalar(name)
    guard case .share(let share)? = scalar.flatMap({ RecordLimit($0.text) }) else { return nil }
    return share
  }

  /// The milliseconds of a time, or of its default.
  func milliseconds(_ name: String) -> Int64? {
    let scalar = written(name).map(\.scalar) ?? defaultScalar(name)
    return scalar.flatMap(ScalarReading.milliseconds)
  }

  /// A Boolean or its default.
  func boolean(_ name: String) -> Bool? {
    written(name).map { $0.scalar?.bool } ?? field(name).defaultValue?.bool
  }

  /// One ASCII character or its default.
  func character(_ name: String) -> UInt8? {
    let scalar = written(name).map(\.scalar) ?? defaultScalar(name)
    return scalar.flatMap { ScalarReading.character($0) }
  }

  /// The pairs of a mapping whose keys the user chose; none when it is not written.
  func pairs(_ name: String) -> [YAMLPair] { written(name)?.pairs ?? [] }

  /// The values of a list, or the one that stands for it; none when it is not written.
  func elements(_ name: String) -> [YAMLNode] {
    guard let node = written(name) else { return [] }
    return node.elements ?? [node]
  }

  private func defaultScalar(_ name: String) -> YAMLScalar? {
    field(name).defaultValue?.string.map { YAMLScalar($0, style: .plain, isText: false) }
  }

  private func field(_ name: String) -> FieldSpec {
    guard let field = spec.field(name) else { wrongUse(name) }
    return field
  }

  private func wrongUse(_ name: String) -> Never {
    preconditionFailure("'\(spec.title)' has no key '\(name)' of the kind that is read")
  }
}

/// A text of a pipeline file, with its place.
struct LocatedText {
  /// The text and how it was written.
  let scalar: YAMLScalar
  /// Where it begins.
  let place: Place

  /// The text.
  var text: String { scalar.text }
}
