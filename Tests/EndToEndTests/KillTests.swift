import Foundation
import Synchronization
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// SIGKILL at many moments of a run against a sandbox that lives on: run again until it ends, the output is that of the
/// undisturbed run to the byte, and every record was billed once.
///
/// With LEAVEN_KILL_MOMENTS=all every call is tried at every point, with LEAVEN_KILL_REPORT=FILE a line for each moment is
/// appended there. `scripts/kill-test` goes further: every call of the operating system that changes anything.
@Suite struct KillTests {
  /// When the program is killed.
  enum Moment: Sendable, CustomStringConvertible {
    /// At a point of the call with this number.
    case call(Int, Gateway.Point)
    /// When a file with a name like this is there.
    case file(String, String)
    /// After this share of the undisturbed run's time.
    case share(Double)

    var description: String {
      switch self {
      case .call(let number, let point): "call \(number), \(point.rawValue)"
      case .file(let words, _): words
      case .share(let share): "\(Int(share * 100)) % of the time"
      }
    }
  }

  private static let count = 60
  private static let files: [Moment] = [
    .file("the ledger is there", "ledger.sqlite"),
    .file("the first shard file is begun", "shards/"),
    .file("the first results are being stored", "results/"),
    .file("the output is being written", "out/*labelled"),
  ]

  @Test(.timeLimit(.minutes(30))) func aKilledRunGoesOn() async throws {
    let undisturbed = try await Trial.run(at: nil)
    #expect(undisturbed.output.split(separator: "\n").count == Self.count + 1)
    #expect(undisturbed.meter.rows == Self.count)
    let moments = Self.moments(calls: undisturbed.calls.count)
    #expect(moments.count >= 20)
    var kills = 0
    for moment in moments {
      let trial = try await Trial.run(at: moment, of: undisturbed.seconds)
      #expect(trial.output == undisturbed.output, "\(moment): another output")
      #expect(trial.meter.rows == Self.count, "\(moment): \(trial.meter)")
      #expect(trial.meter.mostPerCustomID == 1, "\(moment): \(trial.meter)")
      #expect(trial.meter.mostPerBody == 1, "\(moment): \(trial.meter)")
      if trial.wasKilled { kills += 1 }
      try Self.report(moment, trial, undisturbed)
    }
    #expect(kills >= 20, "only \(kills) of \(moments.count) moments came before the end")
  }

  /// A budget that makes shards wait for each other and splits them: the halves are neither lost nor sent twice.
  @Test(.timeLimit(.minutes(10))) func aKilledRunWithABudgetGoesOn() async throws {
    let top = "budget: {usd: 0.0085}"
    let undisturbed = try await Trial.run(at: nil, top: top)
    #expect(undisturbed.meter.rows == Self.count)
    #expect(undisturbed.meter.batches > 3, "shards are split")
    var kills = 0
    for share in stride(from: 0.1, to: 0.9, by: 0.1) {
      let trial = try await Trial.run(at: .share(share), of: undisturbed.seconds, top: top)
      #expect(trial.output == undisturbed.output, "\(share): another output")
      #expect(trial.meter.rows == Self.count, "\(share): \(trial.meter)")
      #expect(trial.meter.mostPerCustomID == 1, "\(share): \(trial.meter)")
      if trial.wasKilled { kills += 1 }
    }
    #expect(kills >= 4)
  }

  /// Points of calls, files, and shares of the time.
  private static func moments(calls: Int) -> [Moment] {
    let points = Gateway.Point.allCases
    if ProcessInfo.processInfo.environment["LEAVEN_KILL_MOMENTS"] == "all" {
      return (1...calls).flatMap { call in points.map { Moment.call(call, $0) } } + files
        + stride(from: 0.05, to: 1, by: 0.05).map(Moment.share)
    }
    // Every call at one point, each in its turn.
    return (1...calls).map { Moment.call($0, points[$0 % points.count]) } + files
      + [0.2, 0.4, 0.6, 0.8].map(Moment.share)
  }

  private static func report(_ moment: Moment, _ trial: Trial, _ undisturbed: Trial) throws {
    guard let path = ProcessInfo.processInfo.environment["LEAVEN_KILL_REPORT"] else { return }
    let isSame = trial.output == undisturbed.output ? "same" : "DIFFERENT"
    let line = [
      moment.description, trial.callLine, trial.wasKilled ? "killed" : "over before",
      "\(trial.runs)", isSame, "\(trial.meter.rows)", "\(trial.meter.mostPerCustomID)",
    ].joined(separator: "\t")
    let file = try #require(fopen(path, "a"))
    defer { fclose(file) }
    fputs(line + "\n", file)
  }
}

/// One run that is killed at a moment, and the runs after it.
struct Trial: Sendable {
  var output: String
  var meter: SandboxProcess.Meter
  var calls: [String]
  var seconds: Double
  var wasKilled = false
  /// What the call was about, when the moment was one of a call.
  var callLine = ""
  /// Commands until the end, the killed one included.
  var runs = 1

  static func run(
    at moment: KillTests.Moment?, of seconds: Double = 0, top: String = ""
  ) async throws -> Trial {
    try await Turnstile.programs.pass {
      let bench = try Bench.withTickets(60, top: top)
      // Batches that take minutes instead of an hour make for few calls, all of them different.
      try bench.write(#"{"batches": [{"duration_s": 100}]}"#, to: "faults.json")
      let sandbox = try SandboxProcess(
        bench, ["--virtual", "--dir", "sandbox", "--faults", "faults.json"])
      let victim = Victim(moment)
      let gateway = try Gateway(to: sandbox.port) { victim.met($0) }
      defer { gateway.stop() }
      let started = ContinuousClock.now
      var program = try start(bench, gateway)
      victim.aim(at: program, bench, of: seconds)
      var ending = await program.ended()
      victim.rest()
      let spent = started.duration(to: .now)
      let wasKilled = ending.signal == SIGKILL
      var runs = 1
      while ending.status != 0, runs < 12 {
        program = try start(bench, gateway)
        ending = await program.ended()
        runs += 1
      }
      let output = try bench.text(of: "out/labelled.sandbox.csv")
      let trial = Trial(
        output: output, meter: try await sandbox.meter(), calls: gateway.lines,
        seconds: Double(spent / .milliseconds(1)) / 1000, wasKilled: wasKilled,
        callLine: victim.callLine, runs: runs)
      await sandbox.stop()
      return trial
    }
  }

  private static func start(_ bench: Bench, _ gateway: Gateway) throws -> RunningProgram {
    try bench.start(
      ["run", "--base-url", gateway.baseURL, "--state", "state", "small.yaml"],
      variables: ["ANTHROPIC_API_KEY": "k"])
  }
}

/// Kills a program at a moment.
private final class Victim: Sendable {
  private struct State {
    var program: RunningProgram?
    var callLine = ""
    var isAtRest = false
  }

  private let moment: KillTests.Moment?
  private let state = Mutex(State())

  init(_ moment: KillTests.Moment?) { self.moment = moment }

  var callLine: String { state.withLock { $0.callLine } }

  func aim(at program: RunningProgram, _ bench: Bench, of seconds: Double) {
    state.withLock { $0.program = program }
    switch moment {
    case .share(let share):
      Thread.detachNewThread {
        usleep(UInt32(seconds * share * 1_000_000))
        self.kill()
      }
    case .file(_, let name):
      Thread.detachNewThread {
        while !self.state.withLock({ $0.isAtRest }), !Self.hasFile(name, in: bench) { usleep(300) }
        self.kill()
      }
    case .call, nil: break
    }
  }

  /// The program has ended.
  func rest() {
    state.withLock {
      $0.isAtRest = true
      $0.program = nil
    }
  }

  func met(_ met: Gateway.Moment) -> Gateway.Fate {
    guard case .call(let number, let point) = moment, met.number == number, met.point == point
    else { return .goesOn }
    state.withLock { $0.callLine = met.line }
    kill()
    return .isLost
  }

  private func kill() {
    state.withLock { $0.program }?.stop()
  }

  private static func hasFile(_ name: String, in bench: Bench) -> Bool {
    let files = FileManager.default
    if name.hasPrefix("out/") {
      // The output's first bytes lie beside it under another name.
      let names = (try? files.contentsOfDirectory(atPath: bench.path("out"))) ?? []
      return names.contains { $0 != ".keep" }
    }
    let state = bench.path("state/small@sandbox")
    guard name.hasSuffix("/") else { return files.fileExists(atPath: state + "/" + name) }
    return (try? files.contentsOfDirectory(atPath: state + "/" + name))?.isEmpty == false
  }
}
