internal import Records

/// One billed row in a billing file: its custom_id (null for a synchronous message), the hash of
/// its body and its cost in picodollars.
struct BillLine {
  var customID: String?
  var body: String
  var picodollars: Int64

  /// Reads a line; nil when it is none.
  init?(_ json: JSONView) {
    guard let body = json["body"]?.text, let cost = json["picodollars"]?.int else { return nil }
    customID = json["custom_id"].flatMap { $0.isNull ? nil : $0.text }
    self.body = body
    picodollars = Int64(cost)
  }

  /// Appends a line with its end.
  static func append(
    customID: String?, body: ContentHash, _ picodollars: Int64, to output: inout ByteBuffer
  ) {
    output.append("{\"custom_id\":")
    (customID.map { JSONValue.string($0) } ?? .null).append(to: &output)
    output.append(",\"body\":\"")
    output.append(text: body.hexadecimal)
    output.append("\",\"picodollars\":")
    output.append(text: String(picodollars))
    output.append("}\n")
  }
}
