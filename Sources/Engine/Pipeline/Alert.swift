public import Records

/// Something that somebody should look at.
public struct Alert: Sendable {
  /// What kind of thing; the raw values are part of the line that `on_alert` gets.
  public enum Kind: String, Sendable {
    /// A batch takes long.
    case lateBatch = "late-batch"
    /// Results at the provider will be removed soon, or are gone.
    case retention
    /// More records were rejected than the pipeline allows.
    case failures
    /// The budget lets nothing more be sent.
    case budget
    /// The command ended with another status than 0.
    case exit
  }

  /// What kind of thing.
  public var kind: Kind
  /// The pipeline.
  public var pipeline: String
  /// The stage; nil when it is about all.
  public var stage: String?
  /// What it is about, the same each time it is told: a batch, a status.
  public var subject: String
  /// One sentence for people, without prompts, answers or keys.
  public var sentence: String
  /// When, in UTC milliseconds.
  public var at: Int64

  /// Creates an alert.
  public init(
    _ kind: Kind, pipeline: String, stage: String? = nil, subject: String, sentence: String,
    at: Int64
  ) {
    self.kind = kind
    self.pipeline = pipeline
    self.stage = stage
    self.subject = subject
    self.sentence = sentence
    self.at = at
  }

  /// The members of the line of JSON: `alert`, `pipeline`, `stage` (or null), `subject`, `sentence`, `at_ms`.
  public var json: JSONValue {
    .object([
      "alert": .string(kind.rawValue), "pipeline": .string(pipeline),
      "stage": stage.map(JSONValue.string) ?? .null, "subject": .string(subject),
      "sentence": .string(sentence), "at_ms": .number(Int(at)),
    ])
  }
}
