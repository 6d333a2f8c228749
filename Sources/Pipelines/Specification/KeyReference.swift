internal import Records

/// The reference of all keys in Markdown, made from the specifications.
public enum KeyReference {
  /// One table for each mapping, in the order in which they appear in a file.
  public static func generate() -> String {
    var parts: [String] = []
    append(.pipeline, to: &parts)
    return parts.joined(separator: "\n")
  }

  private static func append(_ section: SectionSpec, to parts: inout [String]) {
    var lines = ["## `\(section.title)`", "", section.doc, ""]
    if !section.exactlyOne.isEmpty {
      let names = section.exactlyOne.map { "`\($0)`" }.joined(separator: ", ")
      lines += ["Exactly one of \(names).", ""]
    }
    lines += ["| key | value | default | what it does |", "|---|---|---|---|"]
    lines += section.fields.map(row)
    parts.append(lines.joined(separator: "\n") + "\n")
    for field in section.fields where field.name != "defaults" {
      switch field.type {
      case .section(let inner), .map(_, .section(let inner)), .list(.section(let inner)):
        append(inner, to: &parts)
      // What a mapping of one key says is told by the field that takes it.
      case .either(_, let inner) where inner.fields.count > 1: append(inner, to: &parts)
      default: break
      }
    }
  }

  private static func row(_ field: FieldSpec) -> String {
    var doc = field.doc
    if case .choice(let choices) = field.type {
      doc += choices.map { " `\($0.name)`: \($0.doc)" }.joined()
    }
    if !field.goesWith.isEmpty {
      doc += " With \(field.goesWith.map { "`\($0)`" }.joined(separator: ", ")) only."
    }
    if let example = field.example { doc += " Example: `\(example)`." }
    let fallback = field.isRequired ? "required" : field.defaultValue.map { "`\(shown($0))`" } ?? ""
    return [field.name, field.type.noun, fallback, doc]
      .enumerated().map { position, cell in
        let cell = cell.replacing("|", with: "\\|")
        return position == 0 ? "| `\(cell)`" : "| \(cell)"
      }.joined(separator: " ") + " |"
  }

  private static func shown(_ value: JSONValue) -> String { value.string ?? value.compact }
}
