internal import Ledger
internal import Pipelines
internal import Providers
internal import Records
internal import Templates

/// Reads what is shown with a record's prompt: one record's at a time.
final class AttachmentReader {
  private let plan: AttachmentsPlan
  private let form: RequestForm
  private let limit: Int
  private var name = ByteBuffer(capacity: 256)

  init(_ question: QuestionPlan, limit: Int) {
    plan = question.attachments
    form = question.load.provider.form
    self.limit = limit
  }

  /// Why a record's attachments cannot be sent.
  enum Problem: Error {
    case rejected(AdmissionBatch.Rejection)
    case template(RenderError)
  }

  /// What is attached to a record, in the order of the templates; an empty text attaches nothing.
  func attachments(
    _ scope: TemplateScope, using renderer: inout Renderer
  ) throws(Problem) -> [Attachment] {
    var found: [Attachment] = []
    for template in plan.templates {
      name.removeAll()
      do throws(RenderError) {
        try template.render(scope, using: &renderer, into: &name, escaping: .none)
      } catch {
        throw .template(error)
      }
      let text = name.text.trimmingPrefix { $0.isWhitespace }
      guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { continue }
      found.append(try attachment(String(text[...last])))
    }
    return found
  }

  private func attachment(_ place: String) throws(Problem) -> Attachment {
    guard !place.hasPrefix("https://"), !place.hasPrefix("http://") else {
      let link = Attachment.link(place)
      guard form.takes(link) else {
        let what = link.isDocument ? "documents" : "pictures"
        throw rejection("unsupported", "the provider reads no \(what) at an address: '\(place)'")
      }
      return link
    }
    let bytes: [UInt8]
    do throws(AttachmentsPlan.Problem) {
      bytes = try plan.bytes(of: place, limit: limit)
    } catch {
      switch error {
      case .missing(let words): throw rejection("missing", words)
      case .tooLarge(let count):
        throw rejection("too-large", "'\(place)' has \(count) bytes, \(limit) fit into a request")
      }
    }
    guard let type = MediaType(sniffing: bytes) else {
      throw rejection("unsupported", "'\(place)' is no PNG, JPEG, GIF, WebP or PDF file")
    }
    let name = place.split(separator: "/").last.map(String.init) ?? place
    return .file(type, bytes, name: name)
  }

  private func rejection(_ what: String, _ words: String) -> Problem {
    .rejected(AdmissionBatch.Rejection(reason: "attachment-\(what)", detail: words))
  }
}
