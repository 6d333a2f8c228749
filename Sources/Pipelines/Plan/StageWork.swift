public import Templates

/// What a stage does with each of its records.
public enum StageWork: Sendable {
  /// A model is asked, and its answer is the output.
  case asks(QuestionPlan)
  /// The output is an object of these fields, calculated from the record; nobody is asked.
  case calculates([SetField])
}

/// What is asked of a model.
public struct QuestionPlan: Sendable {
  /// The system text; nil when there is none.
  public let system: CompiledTemplate?
  /// The turns before the prompt: the user's and the model's in turn, first the user's.
  public let examples: [CompiledTemplate]
  /// What is shown with the prompt.
  public let attachments: AttachmentsPlan
  /// The user message.
  public let prompt: CompiledTemplate
  /// Which model is asked, and how.
  public let load: LoadPlan
}
