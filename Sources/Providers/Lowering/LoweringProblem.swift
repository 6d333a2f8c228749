/// Why a provider would not take an answer schema, even in lowered form.
public struct LoweringProblem: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Code: String, Hashable, Sendable {
    case recursion = "schema-recursion"
    case externalReference = "schema-external-reference"
    case unresolvedReference = "schema-unresolved-reference"
    case openObject = "schema-open-object"
    case structuredEnum = "schema-structured-enum"
    case impossible = "schema-impossible"
    case notASchema = "schema-not-a-schema"
    case tooManyOptional = "schema-too-many-optional"
    case noObject = "schema-no-object"
    case tooDeep = "schema-too-deep"
    case tooLarge = "schema-too-large"
    case tooManyUnions = "schema-too-many-unions"
  }

  /// What is wrong.
  public let code: Code
  /// Where, as a JSON pointer into the schema as the user wrote it; empty for its root.
  public let path: String
  /// What is wrong, in words.
  public let sentence: String
  /// What to do.
  public let hint: String
}
