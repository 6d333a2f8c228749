import Foundation
import Records

/// What a source gives, in a form that an expectation can spell out.
enum Readings {
  /// Each record as its line number and compact JSON, each error as its line number and code, up to the end or the
  /// error that ends the reading.
  static func all(of source: any RecordSource) -> [String] {
    var found: [String] = []
    while true {
      do throws(SourceError) {
        guard let record = try source.next() else { return found }
        found.append("\(record.line) \(record.root.text)")
      } catch {
        found.append("\(error.line ?? 0) \(error.code.rawValue)")
        if error.endsReading { return found }
      }
    }
  }

  /// What a CSV file gives; an error of its header or stream alone when there is one.
  static func csv(_ path: String, _ options: CSVOptions = CSVOptions()) -> [String] {
    opened { () throws(SourceError) in try CSVSource(ByteStream(path: path), options: options) }
  }

  /// What a JSONL file gives.
  static func jsonl(_ path: String) -> [String] {
    opened { () throws(SourceError) in JSONLSource(try ByteStream(path: path)) }
  }

  /// What a database gives.
  static func sqlite(_ path: String, _ selection: SQLiteSource.Selection) -> [String] {
    opened { () throws(SourceError) in try SQLiteSource(database: path, selection) }
  }

  private static func opened(_ open: () throws(SourceError) -> any RecordSource) -> [String] {
    do throws(SourceError) {
      return all(of: try open())
    } catch {
      return ["\(error.line ?? 0) \(error.code.rawValue)"]
    }
  }
}
