internal import Records
internal import Schemas

/// Holds the `params` of batch rows against the JSON Schema of requests, when there is one.
struct RequestCheck: Sendable {
  private let schema: CompiledSchema?

  /// Compiles the schema of a whole request, of which `$defs/params` is applied, or that of
  /// `params` alone; nil checks nothing.
  init(_ schema: JSONValue?) throws(SandboxError) {
    guard let schema else {
      self.schema = nil
      return
    }
    do throws(SchemaError) {
      self.schema = try CompiledSchema(Self.ofParams(schema))
    } catch {
      throw SandboxError(
        .scriptInvalid, "the request schema does not compile: \(error)",
        hint: "give the sandbox the schema that the client checks its requests with, or none")
    }
  }

  /// The first thing wrong, with its place; nil when nothing is, or without a schema.
  func problem(in params: JSONView, _ scratch: inout SchemaScratch) -> String? {
    guard let schema, !schema.isValid(params, using: &scratch) else { return nil }
    guard let violation = schema.violations(of: params, limit: 1).first else { return nil }
    let place = violation.instancePath.split(separator: "/").joined(separator: ".")
    return place.isEmpty ? violation.sentence : "\(place): \(violation.sentence)"
  }

  private static func ofParams(_ schema: JSONValue) -> JSONValue {
    guard schema["$defs"]?["params"] != nil, let definitions = schema["$defs"] else {
      return schema
    }
    return .object([
      "$schema": schema["$schema"] ?? .string("https://json-schema.org/draft/2020-12/schema"),
      "$ref": .string("#/$defs/params"), "$defs": definitions,
    ])
  }
}
