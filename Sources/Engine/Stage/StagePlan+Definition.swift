internal import Pipelines
internal import Records

extension StagePlan {
  /// A hash of everything that decides what a record becomes before it is sent.
  var transformHash: ContentHash { ContentHash(of: "later") }
  /// A hash of what is set in the output, and how.
  var mergeHash: ContentHash { ContentHash(of: "later") }
}
