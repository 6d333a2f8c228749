public import Records

/// A JSON Schema compiled once, applied to any number of values.
///
/// Draft 2020-12 and draft 7 in full, chosen by `$schema`. Immutable: one compiled schema serves
/// any number of tasks, each with a `SchemaScratch` of its own.
public struct CompiledSchema: Sendable {
  let program: SchemaProgram

  /// What compiles but is probably a slip, such as an unknown keyword close to a known one; in the
  /// order of the schema.
  public let warnings: [SchemaWarning]

  /// Compiles a schema and everything that it refers to.
  ///
  /// - Throws: `SchemaError` for the first mistake, and for everything that could not be decided
  ///   exactly: a wrong verdict is worse than a refusal.
  public init(_ schema: JSONValue, options: SchemaOptions = SchemaOptions()) throws(SchemaError) {
    do throws(SchemaProblems) {
      self = try Self.checking(schema, options: options)
    } catch {
      throw error.errors[0]
    }
  }

  /// Compiles a schema like `init`, and goes on after a mistake to find the others.
  ///
  /// - Throws: `SchemaProblems`, at most 20. What decides how a schema is to be read (`$schema`, identifiers) is found
  ///   one at a time.
  public static func checking(
    _ schema: JSONValue, options: SchemaOptions = SchemaOptions()
  ) throws(SchemaProblems) -> CompiledSchema {
    var compiler: SchemaCompiler
    do throws(SchemaError) {
      compiler = try SchemaCompiler(schema, options: options)
    } catch {
      throw SchemaProblems(errors: [error], warnings: [])
    }
    compiler.compile()
    guard compiler.errors.isEmpty else {
      throw SchemaProblems(errors: compiler.errors, warnings: compiler.warnings)
    }
    return CompiledSchema(compiler)
  }

  private init(_ compiler: SchemaCompiler) {
    program = compiler.program
    warnings = compiler.warnings
  }

  /// Whether a value fits.
  ///
  /// Stops at the first violation and allocates nothing once `scratch` has grown.
  public func isValid(_ value: JSONView, using scratch: inout SchemaScratch) -> Bool {
    scratch.begin(collecting: 0)
    return program.check(0, value, marks: -1, &scratch)
  }

  /// The ways in which a value does not fit, in the order of the schema, at most `limit`; empty
  /// exactly when `isValid` says true.
  public func violations(of value: JSONView, limit: Int = 20) -> [SchemaViolation] {
    var scratch = SchemaScratch()
    scratch.begin(collecting: max(limit, 1))
    _ = program.check(0, value, marks: -1, &scratch)
    return scratch.violations
  }
}
