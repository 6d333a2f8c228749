public import Records
public import Schemas

/// The JSON Schema of a stage's answers.
public struct AnswerSchema: Sendable {
  /// The file it was read from.
  public let file: PlannedFile
  /// The schema as the user wrote it: part of the answers' identity.
  public let written: JSONValue
  /// What the keyword `format` does. Not part of the answers' identity.
  public let formats: SchemaOptions.Formats
  /// The schema, ready to check answers.
  public let compiled: CompiledSchema
}
