internal import Ledger
internal import Pipelines

extension RunLedger {
  /// Opens the ledger of a plan, making it as needed. A sandboxed plan's holds a sandbox's answers and nothing else.
  static func open(
    of plan: PipelinePlan, in folder: StateFolder, now: Int64
  ) throws(LedgerError) -> RunLedger {
    try open(
      inFolder: folder.path, pipeline: plan.name, file: plan.file.path,
      isSandbox: plan.name.hasSuffix("@sandbox") ? .yes : .no, now: now)
  }
}
