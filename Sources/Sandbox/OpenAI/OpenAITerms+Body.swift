internal import Records

extension OpenAITerms {
  private static let members: Set<String> = [
    "input_file_id", "endpoint", "completion_window", "metadata", "output_expires_after",
  ]

  /// What the body of a create call says.
  ///
  /// - Throws: `APIError` 400, with the parameter that is wrong.
  init(body bytes: [UInt8]) throws {
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: bytes)
    } catch {
      throw APIError.malformed(at: error.offset)
    }
    for member in json.members ?? [] where !Self.members.contains(member.key) {
      throw OpenAIRules.unknown(member.key)
    }
    guard let file = json["input_file_id"]?.string else {
      throw OpenAIRules.missing("input_file_id")
    }
    guard let endpoint = json["endpoint"]?.string else { throw OpenAIRules.missing("endpoint") }
    guard OpenAIForm(rawValue: endpoint) != nil else {
      throw OpenAIRules.wrongValue("endpoint", endpoint, OpenAIForm.allCases.map(\.rawValue))
    }
    guard let window = json["completion_window"]?.string else {
      throw OpenAIRules.missing("completion_window")
    }
    guard window == "24h" else {
      throw OpenAIRules.wrongValue("completion_window", window, ["24h"])
    }
    self.init(
      inputFile: file, endpoint: endpoint, metadata: try Self.metadata(json["metadata"]))
    if let seconds = json["output_expires_after"]?["seconds"]?.int {
      retentionMs = Int64(seconds) * 1000
    }
  }

  private static func metadata(_ json: JSONValue?) throws(APIError) -> [JSONValue.Member]? {
    guard let json, json != .null else { return nil }
    guard let members = json.members else {
      throw .invalid(
        "Invalid type for 'metadata': expected an object.", param: "metadata", code: "invalid_type")
    }
    guard members.count <= 16 else {
      throw .invalid(
        "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, "
          + "but got an object with \(members.count) properties instead.", param: "metadata",
        code: "object_above_max_properties")
    }
    for member in members {
      guard let value = member.value.string else {
        throw .invalid(
          "Invalid type for 'metadata.\(member.key)': expected a string.",
          param: "metadata.\(member.key)", code: "invalid_type")
      }
      guard member.key.count <= 64, value.count <= 512 else {
        throw .invalid(
          "Invalid 'metadata.\(member.key)': string too long. Keys have at most 64, values at most "
            + "512 characters.", param: "metadata", code: "string_above_max_length")
      }
    }
    return members
  }
}
