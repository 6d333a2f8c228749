internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Synchronization

/// The accepted answers of a stage, read ahead by a task of its own, in the order in which the items were stored.
///
/// While the source keeps that order, every record's item is the next one. Others are looked up; when the source
/// seems to go on elsewhere, so does the reading ahead.
final class AnswersAhead {
  /// What the ledger has for a key.
  struct Found {
    let kept: KeptAnswer
    /// Where it is in the current batch; nil when it was looked up.
    fileprivate let position: Int?
  }

  /// Batches that go round: one is used, one is ready, one is filled.
  private static let batchCount = 3

  private let route: AnswerRoute
  private let loaded = Conveyor<AnswerBatch>()
  private let free = Conveyor((0..<batchCount).map { _ in AnswerBatch() })
  private let lookUps: AnswerWalk
  /// Nil for a stage whose answers are calculated.
  private let store: AnswerStore?
  private var batch: AnswerBatch?
  private var position = 0
  private var course = 0
  private var isAtEnd = false
  private var lastLookedUp: Int64 = -1

  init(_ run: StageRun) throws {
    route = AnswerRoute()
    lookUps = try AnswerWalk(run.ledger, stage: run.number)
    guard run.way != nil else {
      store = nil
      return
    }
    store = try AnswerStore(
      run.stage, addedNulls: run.way?.lowering?.addedNulls, in: run.folder, ledger: run.ledger)
  }

  /// What the task that reads ahead needs.
  var supply: AnswerSupply { AnswerSupply(route: route, free: free, loaded: loaded) }

  /// Whether `advance` must be called before the next `find`.
  var needsBatch: Bool { !isAtEnd && position == batch?.page.count ?? 0 }

  /// Takes the next batch, waiting for it.
  ///
  /// - Throws: `CancellationError`, `LedgerError`.
  func advance() async throws {
    if let batch { free.put(batch) }
    batch = nil
    position = 0
    while let next = try await loaded.take() {
      if next.course == course {
        batch = next
        isAtEnd = next.page.count == 0
        return
      }
      free.put(next)
    }
  }

  /// What the ledger has for a key; nil when it does not know it.
  ///
  /// - Throws: `LedgerError`.
  func find(_ key: UnsafeBufferPointer<UInt8>) throws(LedgerError) -> Found? {
    if let batch, position < batch.page.count, batch.page.hasKey(key, at: position) {
      position += 1
      return Found(kept: batch.page[position - 1], position: position - 1)
    }
    guard let kept = try lookUps.lookUp(key) else { return nil }
    follow(kept.item)
    return Found(kept: kept, position: nil)
  }

  /// The answer of an item that was just found and has a place; valid until the next call.
  ///
  /// - Throws: `RunError.stateFile`.
  func output(of found: Found, at place: AnswerPlace) throws(RunError) -> JSONView {
    guard let store else { preconditionFailure("what is calculated lies nowhere") }
    guard let position = found.position, let message = try batch?.message(at: position) else {
      return try store.output(at: place)
    }
    return try store.output(of: message, at: place)
  }

  /// Goes on behind an item that was looked up, if the source seems to go on there.
  private func follow(_ item: Int64) {
    let isRun = item == lastLookedUp + 1
    lastLookedUp = item
    if let page = batch?.page, page.count > position, page[position].item <= item,
      item <= page[page.count - 1].item
    {
      while position < page.count, page[position].item <= item { position += 1 }
    } else if isRun {
      course += 1
      route.turn(to: course, after: item)
      position = batch?.page.count ?? 0
      isAtEnd = false
    }
  }
}

/// What the task that reads ahead needs: where to go on, and batches.
struct AnswerSupply: Sendable {
  fileprivate let route: AnswerRoute
  fileprivate let free: Conveyor<AnswerBatch>
  fileprivate let loaded: Conveyor<AnswerBatch>

  /// Reads ahead for as long as batches come back; ends when it is canceled.
  @concurrent func load(_ run: StageRun) async {
    do {
      let walk = try AnswerWalk(run.ledger, stage: run.number)
      let files = try AnswerFiles(in: run.folder, ledger: run.ledger)
      while let batch = try await free.take() {
        let (course, item) = route.place
        try batch.fill(after: item, course: course, from: walk, files)
        if batch.page.count > 0 {
          route.advance(on: course, to: batch.page[batch.page.count - 1].item)
        }
        loaded.put(batch)
      }
    } catch {
      loaded.end(error)
    }
  }
}

/// Where the reading ahead is; it is turned elsewhere by the one it reads for.
final class AnswerRoute: Sendable {
  private let state = Mutex<(course: Int, item: Int64)>((0, 0))

  /// The course and the last item read on it.
  var place: (course: Int, item: Int64) { state.withLock { $0 } }

  /// Goes on behind an item, unless the course changed meanwhile.
  func advance(on course: Int, to item: Int64) {
    state.withLock { if $0.course == course { $0.item = item } }
  }

  /// Begins another course behind an item.
  func turn(to course: Int, after item: Int64) { state.withLock { $0 = (course, item) } }
}
