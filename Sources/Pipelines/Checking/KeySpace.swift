/// Whose keys the records of a stage have: stages of one space can be merged into one output.
struct KeySpace {
  /// The file, and what the key is made of; nil when that is wrong.
  let source: String?
  /// The last stage that made records of others; nil when the records are the source's.
  let maker: String?
  /// Whether that one groups: its keys are values of the source.
  let isGrouped: Bool

  /// Whether the other stage's records are found by the keys of this one's.
  func finds(_ other: KeySpace) -> Bool {
    guard let source, source == other.source else { return false }
    return other.maker == maker || (other.isGrouped && (maker == nil || isGrouped))
  }
}
