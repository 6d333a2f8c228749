internal import Records

/// A page of a list: which part of it, and whether there is more in the direction of paging.
struct AnthropicPage {
  let range: Range<Int>
  let hasMore: Bool

  /// Reads `limit`, `after_id` and `before_id`.
  ///
  /// - Throws: `APIError` when `limit` is not 1 to 1000, or an id is not in the list.
  init(_ query: [String: String], ids: [String]) throws(APIError) {
    var limit = 20
    if let text = query["limit"] {
      guard let number = Int(text) else {
        throw .invalid(
          "limit: Input should be a valid integer, unable to parse string as an integer")
      }
      guard number >= 1 else { throw .invalid("limit: Input should be greater than or equal to 1") }
      guard number <= 1000 else {
        throw .invalid("limit: Input should be less than or equal to 1000")
      }
      limit = number
    }
    if let before = query["before_id"], !before.isEmpty {
      let end = try Self.place(of: before, "before_id", in: ids)
      range = max(0, end - limit)..<end
      hasMore = range.lowerBound > 0
      return
    }
    var start = 0
    if let after = query["after_id"], !after.isEmpty {
      start = try Self.place(of: after, "after_id", in: ids) + 1
    }
    range = start..<min(ids.count, start + limit)
    hasMore = range.upperBound < ids.count
  }

  private static func place(of id: String, _ name: String, in ids: [String]) throws(APIError) -> Int
  {
    guard let place = ids.firstIndex(of: id) else {
      throw .invalid("\(name): '\(id)' is not in the list")
    }
    return place
  }

  /// The page around its items.
  func json(_ items: [JSONValue]) -> JSONValue {
    .object([
      "data": .array(items), "has_more": .bool(hasMore),
      "first_id": items.first?["id"] ?? .null, "last_id": items.last?["id"] ?? .null,
    ])
  }
}
