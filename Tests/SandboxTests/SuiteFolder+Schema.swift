import Foundation
import TestSupport

extension SuiteFolder {
  /// The schema of requests in this package; nil when it is not there.
  static var requestSchema: [UInt8]? {
    let url = packageRoot.appendingPathComponent("schemas/anthropic-request.schema.json")
    return (try? Data(contentsOf: url)).map { Array($0) }
  }
}
