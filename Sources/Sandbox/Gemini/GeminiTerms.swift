internal import Records

/// What a batch of Gemini's was created with.
struct GeminiTerms: Hashable, Sendable {
  /// Where the requests came from, which is where the answers go.
  enum Place: String, Sendable { case inline, file }

  /// Why it fails as a whole.
  struct Failure: Hashable, Sendable {
    /// As gRPC counts.
    var code: Int
    var message: String
  }

  var model: String
  var displayName: String?
  var place: Place
  /// `files/…`; empty for an inline batch.
  var inputFile = ""
  /// The estimate of all prompts.
  var promptTokens = 0
  var failure: Failure?

  init(model: String, displayName: String?, place: Place, inputFile: String = "") {
    self.model = model
    self.displayName = displayName
    self.place = place
    self.inputFile = inputFile
  }

  init(_ json: JSONValue) {
    model = json["model"]?.string ?? ""
    displayName = json["display_name"]?.string
    place = json["place"]?.string.flatMap(Place.init(rawValue:)) ?? .file
    inputFile = json["input_file"]?.string ?? ""
    promptTokens = json["prompt_tokens"]?.int ?? 0
    guard let message = json["failure"]?["message"]?.string else { return }
    failure = Failure(code: json["failure"]?["code"]?.int ?? 13, message: message)
  }

  var members: [JSONValue.Member] {
    let failure: JSONValue? = failure.map {
      .object(["code": .number($0.code), "message": .string($0.message)])
    }
    return [
      .init("model", .string(model)),
      .init("display_name", displayName.map { .string($0) } ?? .null),
      .init("place", .string(place.rawValue)), .init("input_file", .string(inputFile)),
      .init("prompt_tokens", .number(promptTokens)), .init("failure", failure ?? .null),
    ]
  }
}
