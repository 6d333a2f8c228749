public import Records
public import Templates

/// One stage: where its records come from, what is asked of them, and where the answers go.
public struct StagePlan: Sendable {
  /// Its name.
  public let name: String
  /// Where the records come from.
  public let source: SourcePlan
  /// What each of them is joined with; nil for nothing.
  public let join: JoinPlan?
  /// Which of them are read again; nil reads all.
  public let since: SincePlan?
  /// What tells them apart.
  public let key: KeyPlan
  /// What happens when two records have one key.
  public let onDuplicate: DuplicatePolicy
  /// Only records for which this is true are asked; nil asks all.
  public let filter: CompiledExpression?
  /// What is made of the records that the filter leaves; nil when the stage works on them as they are.
  public let reshaping: Reshaping?
  /// What happens to records that the stage which is read rejected.
  public let onRejected: UpstreamRejectionPolicy
  /// What is done with each record.
  public let work: StageWork
  /// Where the answers go; nil when the stage only feeds others.
  public var merge: MergePlan?
  /// What of the record the key and the templates read: while it stays the same, an admitted answer
  /// is the record's.
  public let reads: RecordReads
  /// What of the record the filter reads.
  public let filterReads: RecordReads
  /// The ancestors whose answers the key, the filter or a template reads as `stages.<name>.output`,
  /// nearest first.
  public let stagesRead: [String]
  /// A hash of everything in the pipeline file, and in the files it names, that decides what a record
  /// becomes before it is sent: while it and the source stay the same, nothing needs to be read again.
  public let transformHash: ContentHash
  /// A hash of what is written to the output, and how.
  public let mergeHash: ContentHash

  /// The stages that it reads.
  public var upstreams: [String] { [source.upstream, join?.stage].compactMap(\.self) }

  /// Whether it works on other records than those that it reads.
  public var makesRecords: Bool { reshaping != nil }

  /// The fields of its output, where nobody is asked; nil where a model is.
  public var calculation: [SetField]? {
    if case .calculates(let fields) = work { fields } else { nil }
  }

  /// What is asked of the model.
  public var question: QuestionPlan {
    guard case .asks(let question) = work else {
      preconditionFailure("a stage that asks nobody has no question")
    }
    return question
  }

  /// Which model is asked, and how.
  public var load: LoadPlan { question.load }
}
