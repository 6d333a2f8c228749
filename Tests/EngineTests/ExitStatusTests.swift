import Engine
import Providers
import Testing

/// What a command ends with when the provider's answer did not come in.
@Suite struct ExitStatusTests {
  private func status(_ reason: HTTPFailure.Reason) -> Engine.ExitStatus {
    let failure = HTTPFailure(phase: .cutBody, reason: reason, origin: "https://h.example")
    return RunError.provider(ProviderError(.results, .connection(failure))).exitStatus
  }

  @Test func anAnswerThatFindsNoRoomIsThisMachinesTrouble() {
    #expect(status(.notWritten(errno: 28)) == .cannotWrite)
    #expect(status(.broken) == .tryAgain)
  }

  @Test func aRefusalIsTheProviders() {
    #expect(RunError.provider(ProviderError(.create, .status(401))).exitStatus == .refused)
    #expect(RunError.provider(ProviderError(.create, .status(429))).exitStatus == .tryAgain)
  }
}
