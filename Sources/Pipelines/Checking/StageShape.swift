internal import Schemas

/// What a stage gives to the stages that read it.
struct StageShape {
  /// The stage's name.
  let name: String
  /// What its records are like; nil when that is not known.
  let records: RecordShape?
  /// What its answers are.
  let answer: Answer
  /// What `item` is in its records; nil when they have none.
  let element: ElementShape?
  /// What `items` are in its records; nil when they have none.
  let items: ItemsShape?
  /// Whether its records are those of a source, one for one.
  let hasRecordsOfSource: Bool
  /// Whose keys its records have.
  let keys: KeySpace
  /// What `joined` is in its records; nil when they have none.
  let joined: JoinedShape?
  /// The shapes of the stages it builds on, nearest first; nil when one of them is wrong.
  let ancestors: [StageShape]?

  /// What is known of answers.
  enum Answer {
    /// Text, as `output.text`.
    case text
    /// An object of these fields, of whose values nothing is known.
    case fields([String])
    /// What a schema says.
    case schema(AnswerSchema)
    /// Nothing: the schema is wrong.
    case unknown

    /// Whether an answer can have a member at a path; nil when that is not known.
    func knows(_ path: [String]) -> Bool? {
      switch self {
      case .text: path.isEmpty || path == ["text"]
      case .fields(let names):
        path.first.map { names.contains($0) } == false ? false : path.count > 1 ? nil : true
      case .schema(let schema): schema.compiled.knows(path: path)
      case .unknown: nil
      }
    }

    /// The names that may stand at the end of a path instead of its last one.
    func names(besides path: [String]) -> [String] {
      switch self {
      case .text: ["text"]
      case .fields(let names): path.count == 1 ? names : []
      case .unknown: []
      case .schema(let schema): schema.compiled.propertyNames(at: path.dropLast())
      }
    }
  }
}
