/// What is known of the elements of a list that `each` goes through.
struct ElementShape {
  /// The answer that the list is a part of; unknown for others.
  let answer: StageShape.Answer
  /// The path of the elements in it.
  let path: [String]
  /// The stage that answers.
  let stage: String

  /// Elements of which nothing is known.
  static let unknown = ElementShape(answer: .unknown, path: [], stage: "")
}
