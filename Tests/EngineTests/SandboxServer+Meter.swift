import Foundation
import Records
import Sandbox

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

extension SandboxServer {
  /// What would have been billed.
  ///
  /// - Returns: The meter's members.
  /// - Throws: When the sandbox does not listen.
  func meter() async throws -> JSONValue {
    guard let url = URL(string: "http://127.0.0.1:\(port ?? 0)/sandbox/meter?rows=false") else {
      throw URLError(.badURL)
    }
    let (data, _) = try await URLSession.shared.data(from: url)
    return try JSONValue(parsing: [UInt8](data))
  }
}
