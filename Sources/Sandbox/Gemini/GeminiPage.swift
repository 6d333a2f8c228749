internal import Records

/// A page of one of Gemini's lists; its token is where the next one begins.
struct GeminiPage {
  let range: Range<Int>
  private let count: Int

  /// Reads `pageSize` and `pageToken`.
  init(_ query: [String: String], count: Int, usual: Int) throws(APIError) {
    var size = usual
    if let text = query["pageSize"] ?? query["page_size"] {
      guard let number = Int(text), number >= 0 else {
        throw .invalid("Invalid value at 'page_size' (TYPE_INT32), \"\(text)\"")
      }
      if number > 0 { size = min(number, 1000) }
    }
    var start = 0
    if let token = query["pageToken"] ?? query["page_token"], !token.isEmpty {
      guard token.hasPrefix("p"), let place = Int(token.dropFirst()), place <= count else {
        throw .invalid("Page token is invalid.")
      }
      start = place
    }
    range = start..<min(count, start + size)
    self.count = count
  }

  /// The page around its items, under the list's name; an empty list has no name.
  func json(_ name: String, _ items: [JSONValue]) -> JSONValue {
    var members: [JSONValue.Member] = []
    if !items.isEmpty { members.append(JSONValue.Member(name, .array(items))) }
    if range.upperBound < count {
      members.append(JSONValue.Member("nextPageToken", .string("p\(range.upperBound)")))
    }
    return .object(members)
  }
}
