internal import Records

/// How the rows of an ended batch came out.
struct RowCounts: Hashable, Sendable {
  var succeeded = 0
  var errored = 0
  var canceled = 0
  var expired = 0

  /// Reads what `json` writes; what is missing is 0.
  init(_ json: JSONValue) {
    succeeded = json["succeeded"]?.int ?? 0
    errored = json["errored"]?.int ?? 0
    canceled = json["canceled"]?.int ?? 0
    expired = json["expired"]?.int ?? 0
  }

  init() {}

  var json: JSONValue {
    .object([
      "succeeded": .number(succeeded), "errored": .number(errored),
      "canceled": .number(canceled), "expired": .number(expired),
    ])
  }
}
