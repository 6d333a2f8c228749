/// A regular expression, taken apart.
///
/// Laziness and capturing make no difference to whether a text matches.
indirect enum PatternNode: Sendable {
  case empty
  case scalar(UInt32)
  case set(ScalarSet)
  case sequence([PatternNode])
  case alternatives([PatternNode])
  /// `maximum` is nil when there is none.
  case repetition(PatternNode, minimum: Int, maximum: Int?)
  case start
  case end
  case wordBoundary(isNegated: Bool)
  case look(isBehind: Bool, isNegated: Bool, PatternNode)
  case backreference
}
