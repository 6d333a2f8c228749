/// The formats that can be decided exactly.
enum Format: String, CaseIterable, Sendable {
  case dateTime = "date-time", date, time, duration
  case email, idnEmail = "idn-email", hostname, idnHostname = "idn-hostname", ipv4, ipv6
  case uri, uriReference = "uri-reference", iri, iriReference = "iri-reference"
  case uriTemplate = "uri-template", uuid
  case jsonPointer = "json-pointer", relativeJSONPointer = "relative-json-pointer", regex

  /// A format by its name; nil for a name that no specification knows.
  init?(name: String) { self.init(rawValue: name) }

  /// Whether a text has the format.
  func accepts(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    switch self {
    case .dateTime: DateFormats.isDateTime(text)
    case .date: DateFormats.isDate(text)
    case .time: DateFormats.isTime(text)
    case .duration: DurationFormat.accepts(text)
    case .email: EmailFormat.accepts(text, isInternational: false)
    case .idnEmail: EmailFormat.accepts(text, isInternational: true)
    case .hostname: HostnameFormat.accepts(text)
    case .idnHostname: InternationalHostnameFormat.accepts(text)
    case .ipv4: AddressFormats.isIPv4(text)
    case .ipv6: AddressFormats.isIPv6(text)
    case .uri: URIFormat(isInternational: false).accepts(text, needsScheme: true)
    case .uriReference: URIFormat(isInternational: false).accepts(text, needsScheme: false)
    case .iri: URIFormat(isInternational: true).accepts(text, needsScheme: true)
    case .iriReference: URIFormat(isInternational: true).accepts(text, needsScheme: false)
    case .uriTemplate: URITemplateFormat.accepts(text)
    case .uuid: AddressFormats.isUUID(text)
    case .jsonPointer: PointerFormats.isPointer(text)
    case .relativeJSONPointer: PointerFormats.isRelativePointer(text)
    case .regex: PointerFormats.isPattern(text)
    }
  }

  /// What a text of this format is called in a sentence, with an example where the name does not
  /// explain itself.
  var noun: String {
    switch self {
    case .dateTime: "a date and time like 2026-01-31T09:30:00Z"
    case .date: "a date like 2026-01-31"
    case .time: "a time with offset like 09:30:00Z"
    case .duration: "an ISO 8601 duration like P3DT12H"
    case .email, .idnEmail: "an e-mail address"
    case .hostname, .idnHostname: "a host name"
    case .ipv4: "an IPv4 address"
    case .ipv6: "an IPv6 address"
    case .uri: "a URI with a scheme"
    case .uriReference: "a URI or relative reference"
    case .iri: "an IRI with a scheme"
    case .iriReference: "an IRI or relative reference"
    case .uriTemplate: "a URI template"
    case .uuid: "a UUID"
    case .jsonPointer: "a JSON pointer"
    case .relativeJSONPointer: "a relative JSON pointer"
    case .regex: "a regular expression of ECMA-262"
    }
  }
}
