import Testing

@testable import Providers

struct HTTPTextTests {
  @Test(
    arguments: [
      ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777_000),
      ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777_000),
      ("Sun Nov  6 08:49:37 1994", 784_111_777_000),
      ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
      ("Thu, 29 Feb 2024 23:59:60 GMT", 1_709_251_199_000),
      ("Thu, 29 Feb 2023 00:00:00 GMT", nil), ("120", nil), ("", nil),
      ("Sun, 06 Nov 1994 08:49:37 CET", nil), ("Sun, 06 Nov 1994 25:49:37 GMT", nil),
    ] as [(String, Int64?)])
  func datesInHeaders(_ text: String, _ milliseconds: Int64?) {
    #expect(HTTPDate.milliseconds(text) == milliseconds)
  }

  @Test(
    arguments: [
      ("2025-01-15T00:00:00.123456+00:00", 1_736_899_200_123),
      ("2025-01-15T00:00:00Z", 1_736_899_200_000),
      ("2025-01-15t01:30:00.5+01:30", 1_736_899_200_500),
      ("2025-01-14T23:00:00-01:00", 1_736_899_200_000),
      ("2025-01-15", nil), ("2025-13-15T00:00:00Z", nil), ("2025-01-15T00:00:00", nil),
      ("2025-01-15T00:00:00.+00:00", 1_736_899_200_000), ("2025-01-15T00:00:00+0000", nil),
    ] as [(String, Int64?)])
  func timesInJSON(_ text: String, _ milliseconds: Int64?) {
    #expect(Timestamp.milliseconds(text) == milliseconds)
  }

  @Test(
    arguments: [
      ("https://API.anthropic.com/v1?x", "https://api.anthropic.com"),
      ("https://api.anthropic.com:443", "https://api.anthropic.com"),
      ("http://127.0.0.1:8080/anthropic", "http://127.0.0.1:8080"),
      ("http://[::1]:80/", "http://[::1]"), ("HTTP://h", "http://h"),
      ("http://h@evil/", nil), ("https://", nil), ("h:80", nil), ("http://h:0", nil),
      ("http://h:x", nil), ("http://a\\b", nil), ("file:///etc", nil),
    ] as [(String, String?)])
  func origins(_ url: String, _ origin: String?) {
    #expect(HTTPOrigin(of: url)?.description == origin)
  }

  @Test func loopbackIsThisMachineOnly() {
    #expect(HTTPOrigin(of: "http://127.0.0.1:1")?.isLoopback == true)
    #expect(HTTPOrigin(of: "http://localhost")?.isLoopback == true)
    #expect(HTTPOrigin(of: "http://[::1]")?.isLoopback == true)
    #expect(HTTPOrigin(of: "http://127.evil.example")?.isLoopback == false)
    #expect(HTTPOrigin(of: "http://localhost.example")?.isLoopback == false)
  }

  @Test func headsForgetInterimAnswersAndTrailers() {
    var head = HTTPHead()
    for line in [
      "HTTP/1.1 100 Continue\r\n", "X: 1\r\n", "\r\n", "HTTP/2 204 \r\n", "A-B:  c d \r\n", "\r\n",
      "T: 1\r\n",
    ] {
      head.read(line)
    }
    #expect(head.status == 204)
    #expect(head.isComplete)
    #expect(head.fields.map(\.name) == ["a-b"])
    #expect(head.fields.map(\.value) == ["c d"])
  }

  @Test(
    arguments: [
      (["retry-after": "10"], 10_000), (["retry-after": "0.25"], 250),
      (["retry-after": "9", "retry-after-ms": "1500"], 1500),
      (
        ["retry-after": "Sun, 06 Nov 1994 08:50:07 GMT", "date": "Sun, 06 Nov 1994 08:49:37 GMT"],
        30_000
      ),
      (
        ["retry-after": "Sun, 06 Nov 1994 08:49:07 GMT", "date": "Sun, 06 Nov 1994 08:49:37 GMT"], 0
      ),
      (["retry-after": "Sun, 06 Nov 1994 08:50:07 GMT"], nil),
      (["retry-after": "-1"], nil), (["retry-after": "soon"], nil), (["retry-after": "nan"], nil),
      ([:], nil),
    ] as [([String: String], Int?)])
  func waits(_ headers: [String: String], _ milliseconds: Int?) {
    let answer = HTTPResponse(
      status: 429, headers: headers.map { ($0, $1) }, body: [], bodyByteCount: 0)
    #expect(RetryAfter.wait(in: answer) == milliseconds.map { .milliseconds($0) })
  }
}
