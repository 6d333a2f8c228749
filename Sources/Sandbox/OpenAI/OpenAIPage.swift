internal import Records

/// A page of one of OpenAI's lists.
struct OpenAIPage {
  let range: Range<Int>
  let hasMore: Bool

  /// Reads `limit` and `after`.
  ///
  /// - Throws: `APIError` when `limit` is out of range, or the id is not in the list.
  init(_ query: [String: String], ids: [String], limits: ClosedRange<Int>, usual: Int)
    throws(APIError)
  {
    var limit = usual
    if let text = query["limit"] {
      guard let number = Int(text) else {
        throw .invalid(
          "Invalid type for 'limit': expected an integer, but got a string instead.",
          param: "limit", code: "invalid_type")
      }
      guard limits.contains(number) else {
        let isLow = number < limits.lowerBound
        throw .invalid(
          "Invalid 'limit': integer \(isLow ? "below minimum" : "above maximum") value. Expected a "
            + "value \(isLow ? ">= \(limits.lowerBound)" : "<= \(limits.upperBound)"), but got "
            + "\(number) instead.", param: "limit",
          code: isLow ? "integer_below_min_value" : "integer_above_max_value")
      }
      limit = number
    }
    var start = 0
    if let after = query["after"], !after.isEmpty {
      guard let place = ids.firstIndex(of: after) else {
        throw .invalid("Invalid 'after': '\(after)' is not in the list.", param: "after")
      }
      start = place + 1
    }
    range = start..<min(ids.count, start + limit)
    hasMore = range.upperBound < ids.count
  }

  /// The page around its items.
  func json(_ items: [JSONValue]) -> JSONValue {
    .object([
      "object": .string("list"), "data": .array(items),
      "first_id": items.first?["id"] ?? .null, "last_id": items.last?["id"] ?? .null,
      "has_more": .bool(hasMore),
    ])
  }
}
