internal import Records

extension BatchRecord {
  /// Results of message batches are kept this long from the creation.
  private static let retentionMs: Int64 = 29 * 24 * 3_600_000

  var archivesAtMs: Int64 { createdAtMs + Self.retentionMs }

  /// The message batch as the provider shows it at a time: ten keys, nulls included; counts stay at
  /// `processing` until the whole batch has ended.
  func anthropicJSON(atMs now: Int64, base: String) -> JSONValue {
    let status =
      endedAtMs != nil ? "ended" : cancelInitiated(byMs: now) != nil ? "canceling" : "in_progress"
    let isArchived = now >= archivesAtMs
    return .object([
      "id": .string(id),
      "type": .string("message_batch"),
      "processing_status": .string(status),
      "request_counts": requestCounts,
      "ended_at": stamp(endedAtMs),
      "created_at": stamp(createdAtMs),
      "expires_at": stamp(expiresAtMs),
      "archived_at": isArchived ? stamp(archivesAtMs) : .null,
      "cancel_initiated_at": stamp(cancelInitiated(byMs: now)),
      "results_url": endedAtMs == nil || isArchived
        ? .null : .string("\(base)/v1/messages/batches/\(id)/results"),
    ])
  }

  private var requestCounts: JSONValue {
    let counts = self.counts ?? RowCounts()
    return .object([
      "processing": .number(self.counts == nil ? requestCount : 0),
      "succeeded": .number(counts.succeeded), "errored": .number(counts.errored),
      "canceled": .number(counts.canceled), "expired": .number(counts.expired),
    ])
  }

  private func stamp(_ ms: Int64?) -> JSONValue {
    guard let ms else { return .null }
    return .string(CalendarText.rfc3339(ms, microseconds: Int64(ordinal % 1000)))
  }
}
