import Testing

@testable import Ledger

@Suite struct ShardLifecycleTests {
  typealias Event = ShardLifecycle.Event
  typealias Action = ShardLifecycle.Action

  /// Every move there is; all other pairs leave the shard where it is.
  static let moves: [ShardState: [Event: (ShardState, Action)]] = [
    .packed: [
      .submit: (.submitting, .createBatch), .ask: (.asking, .makeCalls),
      .discard: (.discarded, .release),
    ],
    .asking: [.applied: (.settled, .rest)],
    .submitting: [
      .created: (.submitted, .poll), .refused: (.packed, .rest),
      .interrupted: (.submitting, .lookUp), .candidateFound: (.adopting, .poll),
      .absent: (.packed, .createBatch), .undecidable: (.unknown, .askPerson),
    ],
    .adopting: [
      .candidateConfirmed: (.collected, .apply), .candidateDismissed: (.submitting, .lookUp),
    ],
    .unknown: [.declaredAbsent: (.packed, .createBatch), .candidateFound: (.adopting, .poll)],
    .submitted: [
      .finished: (.ended, .download), .lost: (.discarded, .release), .turnedAway: (.packed, .rest),
    ],
    .ended: [.resultsStored: (.collected, .apply), .lost: (.discarded, .release)],
    .collected: [.applied: (.settled, .rest)],
    .exported: [.imported: (.settled, .rest), .discard: (.discarded, .release)],
    .settled: [:],
    .discarded: [:],
  ]

  @Test(arguments: ShardState.allCases) func everyPair(state: ShardState) throws {
    let moves = try #require(Self.moves[state])
    for event in Event.allCases {
      var lifecycle = ShardLifecycle(state)
      let action = lifecycle.handle(event)
      #expect(action == moves[event]?.1, "\(state) meets \(event)")
      #expect(lifecycle.state == moves[event]?.0 ?? state, "\(state) meets \(event)")
    }
  }

  @Test func everyStateGoesOnAfterARestart() {
    let resumptions: [ShardState: Action] = [
      .packed: .createBatch, .submitting: .lookUp, .adopting: .poll, .unknown: .askPerson,
      .submitted: .poll, .ended: .download, .collected: .apply, .asking: .apply, .settled: .rest,
      .exported: .rest,
      .discarded: .rest,
    ]
    for state in ShardState.allCases {
      #expect(ShardLifecycle(state).resumption == resumptions[state])
    }
  }

  @Test func everyStateButTheLastHasAWayOut() {
    for (state, moves) in Self.moves {
      #expect(moves.isEmpty == [.settled, .discarded].contains(state))
    }
  }
}
