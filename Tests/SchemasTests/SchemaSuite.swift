import Foundation
import Records
import Schemas
import TestSupport

/// The JSON-Schema-Test-Suite, as far as the suite folder holds it.
struct SchemaSuite {
  /// What became of a suite's tests.
  struct Score {
    var right = 0
    var refused: [String] = []
    var wrong: [String] = []

    /// Prints the score line, and what was refused or wrong.
    func report(_ name: String) {
      print("score \(name): right \(right), refused \(refused.count), wrong \(wrong.count)")
      for refusal in refused { print("  refused \(refusal)") }
      for mistake in wrong { print("  WRONG \(mistake)") }
    }
  }

  let folder: String
  let draft: SchemaDraft
  /// The documents that the suite wants served at http://localhost:1234/.
  let remotes: [String: JSONValue]

  init(_ folder: String, draft: SchemaDraft) throws {
    self.folder = folder
    self.draft = draft
    remotes = try Self.readRemotes()
  }

  private static func readRemotes() throws -> [String: JSONValue] {
    var result: [String: JSONValue] = [:]
    guard let root = SuiteFolder.url("json-schema/remotes"),
      let files = FileManager.default.enumerator(atPath: root.path)
    else { return result }
    for case let path as String in files where path.hasSuffix(".json") {
      result["http://localhost:1234/" + path] = try JSONValue(
        parsing: [UInt8](Data(contentsOf: root.appendingPathComponent(path))))
    }
    return result
  }

  /// The suite's files below a folder, sorted.
  func files(under part: String = "") throws -> [URL] {
    guard let root = SuiteFolder.url("json-schema/tests/\(folder)\(part)") else { return [] }
    return try FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
  }

  /// Runs the optional tests outside the formats; what they ask of `content…` only an assertion
  /// gives.
  func runOptional() throws -> Score {
    let files = try files(under: "/optional")
    let isContent = { (file: URL) in file.lastPathComponent == "content.json" }
    var score = try run(files.filter { !isContent($0) })
    let asserted = try run(files.filter(isContent), formats: .assertion)
    score.right += asserted.right
    score.refused += asserted.refused
    score.wrong += asserted.wrong
    return score
  }

  /// Runs files and counts.
  func run(_ files: [URL], formats: SchemaOptions.Formats = .annotation) throws -> Score {
    var score = Score()
    for file in files {
      let groups = try JSONValue(parsing: [UInt8](Data(contentsOf: file))).array ?? []
      for group in groups {
        run(group, of: file.lastPathComponent, formats: formats, into: &score)
      }
    }
    return score
  }

  private func run(
    _ group: JSONValue, of file: String, formats: SchemaOptions.Formats, into score: inout Score
  ) {
    let name = "\(file): \(group["description"]?.string ?? "")"
    let tests = group["tests"]?.array ?? []
    let options = SchemaOptions(draft: draft, formats: formats, documents: remotes)
    let schema: CompiledSchema
    do throws(SchemaError) {
      schema = try CompiledSchema(group["schema"] ?? .null, options: options)
    } catch {
      score.refused += tests.map { _ in "\(name): \(error)" }
      return
    }
    var scratch = SchemaScratch()
    for test in tests {
      let expected = test["valid"]?.bool
      let title = "\(name): \(test["description"]?.string ?? "")"
      let bytes = Array((test["data"] ?? .null).compact.utf8)
      let verdict = Self.verdict(of: schema, on: bytes, using: &scratch)
      if verdict == nil {
        score.wrong.append("\(title): isValid and violations disagree")
      } else if verdict != expected {
        score.wrong.append(title)
      } else {
        score.right += 1
      }
    }
  }

  /// The verdict, nil when `isValid` and `violations` do not agree.
  static func verdict(
    of schema: CompiledSchema, on bytes: [UInt8], using scratch: inout SchemaScratch
  ) -> Bool? {
    var tape = JSONTape()
    return bytes.withUnsafeBufferPointer { buffer in
      // The bytes come out of a JSON value, so they parse.
      guard let view = try? tape.parse(buffer) else { return nil }
      let isValid = schema.isValid(view, using: &scratch)
      return schema.violations(of: view).isEmpty == isValid ? isValid : nil
    }
  }
}
