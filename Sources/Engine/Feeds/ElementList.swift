internal import Ledger
internal import Pipelines
internal import Records
internal import Templates

/// A list that is made of a record.
protocol ElementList: AnyObject {
  /// The list of the record in a scope, an array that is valid until the next call; or why there is none.
  func elements(of scope: TemplateScope) -> Result<JSONView, ItemRejection>
}

/// Why a record is rejected before it is asked.
struct ItemRejection: Error {
  /// The ledger's form of it.
  let reason: AdmissionBatch.Rejection

  init(_ reason: String, _ detail: String) {
    self.reason = AdmissionBatch.Rejection(reason: reason, detail: detail)
  }
}

/// The list that an expression gives: `each`.
final class ExpressionList: ElementList {
  private let expression: CompiledExpression
  private var renderer = Renderer()
  private var tape = JSONTape()

  init(_ expression: CompiledExpression) { self.expression = expression }

  func elements(of scope: TemplateScope) -> Result<JSONView, ItemRejection> {
    tape.beginBuilding()
    do throws(RenderError) {
      try expression.evaluate(scope, using: &renderer, into: &tape)
    } catch {
      return .failure(ItemRejection("template-error", "\(error)"))
    }
    let value = tape.built
    guard value.kind == .array else {
      return .failure(
        ItemRejection("not-a-list", "'each' goes through a list, and this is \(value.kind)"))
    }
    return .success(value)
  }
}

/// The chunks of a text: `split`.
final class ChunkList: ElementList {
  private let plan: SplitPlan
  private let splitter: TextSplitter
  private var renderer = Renderer()
  private var textTape = JSONTape()
  private var text = ByteBuffer()
  private var tape = JSONTape()

  init(_ plan: SplitPlan) {
    self.plan = plan
    splitter = TextSplitter(plan)
  }

  func elements(of scope: TemplateScope) -> Result<JSONView, ItemRejection> {
    textTape.beginBuilding()
    do throws(RenderError) {
      try plan.text.evaluate(scope, using: &renderer, into: &textTape)
    } catch {
      return .failure(ItemRejection("template-error", "\(error)"))
    }
    let value = textTape.built
    guard value.kind == .string else {
      return .failure(
        ItemRejection("not-a-text", "'split' cuts a text, and this is \(value.kind)"))
    }
    text.removeAll()
    text.shrink(to: 1 << 20)
    value.appendText(to: &text)
    tape.beginBuilding()
    tape.beginArray()
    splitter.forEachChunk(of: text.bytes) { range in
      tape.buildString(UnsafeBufferPointer(rebasing: text.bytes[range]))
    }
    tape.end()
    return .success(tape.built)
  }
}
