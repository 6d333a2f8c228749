import Foundation
import Records
import Schemas
import TestSupport
import Testing

@testable import Pipelines

@Suite struct PipelineSchemaTests {
  /// `LEAVEN_REWRITE_SNAPSHOTS=1 swift test --filter PipelineSchemaTests` writes it anew, and
  /// fails.
  @Test func theCommittedSchemaIsCurrent() throws {
    let url = SuiteFolder.packageRoot.appendingPathComponent("schemas/pipeline.schema.json")
    if ProcessInfo.processInfo.environment["LEAVEN_REWRITE_SNAPSHOTS"] != nil {
      try PipelineSchema.generate().write(to: url, atomically: true, encoding: .utf8)
      Issue.record("rewrote schemas/pipeline.schema.json: test again without rewriting")
      return
    }
    let committed = try String(contentsOf: url, encoding: .utf8)
    #expect(
      committed == PipelineSchema.generate(),
      "run LEAVEN_REWRITE_SNAPSHOTS=1 swift test --filter PipelineSchemaTests")
  }

  /// What the schema and the reader take for right is the same.
  @Test(arguments: try DiagnosticFixtures.names)
  func theSchemaAgreesWithTheChecks(_ name: String) throws {
    let schema = try CompiledSchema(try JSONValue(parsing: PipelineSchema.generate()))
    let path = DiagnosticFixtures.folder.appendingPathComponent("\(name).yaml").path
    // Files that are no YAML have no shape to agree on.
    guard let file = try? PipelineReader.read(path) else { return }
    var types = FieldTypeCheck(file: name)
    types.check(StageDefaults.applied(to: file.root), is: .pipeline, at: .start)
    let bytes = Array(file.root.json.compact.utf8)
    var tape = JSONTape()
    let violations = try bytes.withUnsafeBufferPointer {
      schema.violations(of: try tape.parse($0), limit: 5)
    }
    #expect(violations.isEmpty == types.diagnostics.found.isEmpty, "\(name): \(violations)")
  }

  @Test func everyExampleIsAValueOfItsKey() throws {
    for section in sections(.pipeline) {
      for field in section.fields {
        guard let example = field.example else { continue }
        let yaml = "\(field.name): \(example)\n"
        let (node, _) = try YAMLReader.read(Array(yaml.utf8), file: section.title)
        var check = FieldTypeCheck(file: section.title)
        let alone = SectionSpec(section.title, section.doc, [field])
        check.check(node, is: alone, at: .start)
        #expect(check.diagnostics.found.isEmpty, "\(section.title).\(field.name)")
      }
    }
  }

  @Test func everyDefaultIsAValueOfItsKey() throws {
    for section in sections(.pipeline) {
      for field in section.fields {
        guard let value = field.defaultValue else { continue }
        let (node, _) = try YAMLReader.read(
          Array("\(field.name): \(value.compact)\n".utf8), file: section.title)
        let text = node[field.name]?.scalar?.text ?? ""
        let plain = YAMLScalar(text, style: .plain, isText: false)
        var check = FieldTypeCheck(file: section.title)
        check.check(
          YAMLNode(
            .mapping([
              YAMLPair(field.name, at: .start, value: YAMLNode(.scalar(plain), at: .start))
            ]), at: .start), is: SectionSpec(section.title, section.doc, [field]), at: .start)
        #expect(check.diagnostics.found.isEmpty, "\(section.title).\(field.name)")
      }
    }
  }

  @Test func theReferenceNamesEveryKey() {
    let reference = KeyReference.generate()
    for section in sections(.pipeline) where section.title != "file" {
      #expect(reference.contains("## `\(section.title)`"))
      for field in section.fields { #expect(reference.contains("| `\(field.name)` |")) }
    }
  }

  /// A section and all below it, apart from `defaults`.
  private func sections(_ section: SectionSpec) -> [SectionSpec] {
    [section]
      + section.fields.filter { $0.name != "defaults" }.flatMap { field -> [SectionSpec] in
        switch field.type {
        case .section(let inner), .map(_, .section(let inner)), .either(_, let inner):
          sections(inner)
        default: []
        }
      }
  }
}
