import Testing

@testable import Providers

struct ProviderErrorTests {
  /// What a status and a body lead to.
  struct Expected: Sendable {
    var status: Int
    var type: String?
    var message = "words"
    var code: String?
    var headers: [String: String] = [:]
    var outcome: ProviderError.Outcome
    var isTransient = false
    var stopsRun = false

    func error(_ operation: ProviderError.Operation = .create) -> ProviderError {
      let body = type.map {
        #"{"type":"error","error":{"type":"\#($0)","message":"\#(message)","details":{"error_code":\#(code.map { "\"\($0)\"" } ?? "null")}}}"#
      }
      return ProviderError(
        operation,
        answer: HTTPResponse(
          status: status, headers: headers.map { ($0, $1) }, body: Array((body ?? "<html>").utf8),
          bodyByteCount: 0), secret: nil)
    }
  }

  @Test(arguments: [
    Expected(status: 400, type: "invalid_request_error", outcome: .refused),
    Expected(
      status: 400, type: "invalid_request_error",
      message: "You have reached your specified API usage limits. You will regain access on …",
      outcome: .refused, stopsRun: true),
    Expected(
      status: 400, type: "invalid_request_error", code: "organization_on_hold", outcome: .refused,
      stopsRun: true),
    Expected(status: 401, type: "authentication_error", outcome: .refused, stopsRun: true),
    Expected(status: 402, type: "billing_error", outcome: .refused, stopsRun: true),
    Expected(status: 403, type: "permission_error", outcome: .refused, stopsRun: true),
    Expected(status: 404, type: "not_found_error", outcome: .refused),
    Expected(status: 409, type: "conflict_error", outcome: .refused, isTransient: true),
    Expected(status: 413, type: "request_too_large", outcome: .refused),
    Expected(status: 413, outcome: .refused),
    Expected(
      status: 429, type: "rate_limit_error", headers: ["retry-after": "7"], outcome: .refused,
      isTransient: true),
    Expected(
      status: 429, type: "rate_limit_error", code: "enforced_spend_limit_reached",
      outcome: .refused, stopsRun: true),
    Expected(
      status: 429, type: "rate_limit_error", code: "contract_spend_limit_reached",
      headers: ["x-should-retry": "true"], outcome: .refused, stopsRun: true),
    Expected(
      status: 429, type: "rate_limit_error", code: "ramp_limit_exceeded",
      headers: ["retry-after": "7"], outcome: .refused, isTransient: true),
    Expected(status: 500, type: "api_error", outcome: .ambiguous, isTransient: true),
    Expected(status: 502, outcome: .ambiguous, isTransient: true),
    Expected(
      status: 503, type: "api_error", code: "cmek_unavailable", outcome: .refused, isTransient: true
    ),
    Expected(status: 504, type: "timeout_error", outcome: .ambiguous, isTransient: true),
    Expected(status: 529, type: "overloaded_error", outcome: .refused, isTransient: true),
    Expected(status: 529, outcome: .ambiguous, isTransient: true),
    Expected(
      status: 529, type: "overloaded_error", headers: ["x-should-retry": "false"],
      outcome: .refused),
    Expected(
      status: 400, type: "invalid_request_error", headers: ["x-should-retry": "true"],
      outcome: .refused, isTransient: true),
    Expected(status: 302, outcome: .refused),
  ])
  func classes(_ expected: Expected) {
    let error = expected.error()
    #expect(error.outcome == expected.outcome)
    #expect(error.isTransient == expected.isTransient)
    #expect(error.stopsRun == expected.stopsRun)
    #expect(error.type == expected.type)
    #expect(!error.description.isEmpty)
    if error.stopsRun { #expect(error.hint != nil || error.errorCode != nil) }
    if error.isTransient { #expect(error.hint != nil) }
  }

  @Test(arguments: [
    (HTTPFailure.Phase.notSent, ProviderError.Outcome.notReceived), (.ambiguous, .ambiguous),
    (.cutBody, .ambiguous),
  ])
  func phasesTellTheOutcome(_ phase: HTTPFailure.Phase, _ outcome: ProviderError.Outcome) {
    let failure = HTTPFailure(phase: phase, reason: .broken, origin: "http://h")
    let error = ProviderError(.create, .connection(failure))
    #expect(error.outcome == outcome)
    #expect(BackoffPolicy().isRepeatable(error) == (outcome == .notReceived))
    #expect(BackoffPolicy().isRepeatable(ProviderError(.retrieve, .connection(failure))))
  }

  @Test func everyReasonHasItsSentence() {
    let reasons: [HTTPFailure.Reason] = [
      .badURL, .nameNotResolved, .notConnected, .untrusted, .connectTimedOut, .stalled, .timedOut,
      .broken, .tooLarge, .notWritten(errno: 28), .unreadableBody("why"), .canceled,
      .other(code: 7),
    ]
    let sentences = reasons.map {
      "\(HTTPFailure(phase: .notSent, reason: $0, origin: "https://h.example"))"
    }
    #expect(Set(sentences).count == reasons.count)
    #expect(sentences[9].contains("No space left on device"))
    let full = ProviderError(
      .results,
      .connection(HTTPFailure(phase: .cutBody, reason: .notWritten(errno: 28), origin: "")))
    #expect(full.hint?.contains("make room") == true)
    #expect(full.isNotWritten)
    #expect(!full.isTransient)
  }
}
