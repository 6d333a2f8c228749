import Records
import Schemas

/// A schema given as text, asked about values given as text.
struct SchemaFixture {
  let schema: CompiledSchema

  init(_ text: String, options: SchemaOptions = SchemaOptions()) throws {
    schema = try CompiledSchema(JSONValue(parsing: text), options: options)
  }

  /// The verdict on a value; nil when `isValid` and `violations` disagree or the text is no JSON.
  func verdict(on value: String) -> Bool? {
    var scratch = SchemaScratch()
    return SchemaSuite.verdict(of: schema, on: Array(value.utf8), using: &scratch)
  }

  /// The sentences about a value.
  func sentences(on value: String, limit: Int = 20) throws -> [String] {
    try violations(on: value, limit: limit).map(\.sentence)
  }

  /// The violations of a value.
  func violations(on value: String, limit: Int = 20) throws -> [SchemaViolation] {
    var tape = JSONTape()
    return try Array(value.utf8).withUnsafeBufferPointer {
      schema.violations(of: try tape.parse($0), limit: limit)
    }
  }

  /// The error that compiling a text ends with.
  static func error(
    _ text: String, options: SchemaOptions = SchemaOptions()
  ) throws -> SchemaError? {
    let value = try JSONValue(parsing: text)
    do throws(SchemaError) {
      _ = try CompiledSchema(value, options: options)
      return nil
    } catch {
      return error
    }
  }
}

extension String {
  /// The text as a JSON string.
  var debugJSON: String { JSONValue.string(self).compact }
}
