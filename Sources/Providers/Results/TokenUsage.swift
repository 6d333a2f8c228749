internal import Records

/// The tokens a request was billed for.
public struct TokenUsage: Hashable, Sendable {
  /// Plain input; cached input is not in it.
  public var input = 0
  /// Output, thinking included.
  public var output = 0
  /// Input written to a cache for five minutes.
  public var cacheWrite5m = 0
  /// Input written to a cache for an hour.
  public var cacheWrite1h = 0
  /// Input read from a cache.
  public var cacheRead = 0
  /// Whether the answer was made in one region at the caller's wish (`inference_geo: "us"`).
  public var isUSOnly = false

  /// Creates a usage of nothing.
  public init() {}

  /// All input, cached or not: what price thresholds look at.
  public var prompt: Int { input + cacheWrite5m + cacheWrite1h + cacheRead }

  /// Reads a message's `usage`.
  ///
  /// Cache writes whose lifetime is not told count as five minutes, the default.
  init(_ view: JSONView?) {
    guard let view else { return }
    input = view.member("input_tokens")?.countValue ?? 0
    output = view.member("output_tokens")?.countValue ?? 0
    cacheRead = view.member("cache_read_input_tokens")?.countValue ?? 0
    let written = view.member("cache_creation_input_tokens")?.countValue ?? 0
    let lifetimes = view.member("cache_creation")
    cacheWrite1h = lifetimes?.member("ephemeral_1h_input_tokens")?.countValue ?? 0
    let short = lifetimes?.member("ephemeral_5m_input_tokens")?.countValue ?? 0
    cacheWrite5m = max(short, written - cacheWrite1h)
    isUSOnly = view.member("inference_geo")?.isText("us") ?? false
  }

  /// Reads the `usage` of a chat completion or of a response, where cached input is part of the input.
  init(openAI view: JSONView?) {
    guard let view else { return }
    let all = view.member("prompt_tokens") ?? view.member("input_tokens")
    let details = view.member("prompt_tokens_details") ?? view.member("input_tokens_details")
    let made = view.member("completion_tokens") ?? view.member("output_tokens")
    cacheRead = min(details?.member("cached_tokens")?.countValue ?? 0, all?.countValue ?? 0)
    input = (all?.countValue ?? 0) - cacheRead
    output = made?.countValue ?? 0
  }

  /// Reads a response's `usageMetadata`, where cached input is part of the prompt, what tools put there is not, and thoughts
  /// are told beside the answer.
  init(gemini view: JSONView?) {
    guard let view else { return }
    let prompt = view.member("promptTokenCount")?.countValue ?? 0
    cacheRead = min(view.member("cachedContentTokenCount")?.countValue ?? 0, prompt)
    input = prompt - cacheRead + (view.member("toolUsePromptTokenCount")?.countValue ?? 0)
    output =
      (view.member("candidatesTokenCount")?.countValue ?? 0)
      + (view.member("thoughtsTokenCount")?.countValue ?? 0)
  }

  /// Adds a usage.
  public static func += (left: inout TokenUsage, right: TokenUsage) {
    left.input += right.input
    left.output += right.output
    left.cacheWrite5m += right.cacheWrite5m
    left.cacheWrite1h += right.cacheWrite1h
    left.cacheRead += right.cacheRead
  }
}
