public import Providers
internal import Records
internal import Schemas

/// What is wrong with a request by the request schema.
public enum RequestViolations {
  /// One thing that is wrong.
  public struct Violation: Sendable {
    /// The member of the body that it is about; empty when it is not about one.
    public let member: String
    /// What is wrong.
    public let sentence: String
    /// What to do; nil when the sentence says it.
    public let hint: String?
  }

  /// Holds a line of a shard against the schema of its form.
  ///
  /// - Parameters:
  ///   - line: The line.
  ///   - form: Its form.
  ///   - betas: The betas that it is sent with: they may bring members that the schema does not know.
  /// - Returns: What is wrong, at most three things; empty when nothing is.
  public static func of(
    _ line: [UInt8], _ form: RequestForm, betas: [String] = []
  ) -> [Violation] {
    let violations: [SchemaViolation]
    do {
      let schema = try CompiledSchema(JSONValue(parsing: RequestSchema.bytes(of: form)))
      var tape = JSONTape()
      violations = try line.withUnsafeBufferPointer { bytes in
        schema.violations(of: try tape.parse(bytes), limit: 8)
      }
    } catch {
      preconditionFailure("the request schema and the line are Leaven's own: \(error)")
    }
    let found = violations.compactMap { violation($0, betas) }
    return Array(found.prefix(3))
  }

  private static func violation(_ violation: SchemaViolation, _ betas: [String]) -> Violation? {
    let path = violation.instancePath.split(separator: "/").map(String.init)
    let isUnknown = ["additionalProperties", "false"].contains(violation.keyword)
    if isUnknown, path.count <= 2, !betas.isEmpty { return nil }
    return Violation(
      member: path.count > 1 ? path[1] : "", sentence: violation.sentence,
      hint: isUnknown ? "a member that only a beta knows needs that under 'beta:'" : nil)
  }
}
