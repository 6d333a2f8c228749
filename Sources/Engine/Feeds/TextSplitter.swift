internal import Pipelines

/// Cuts a text into chunks of a size, at the ends of paragraphs, else of sentences, else of words.
///
/// A rule of its own that no release and no catalogue changes: chunks that moved would be asked again. A cut lies in the second
/// half of what fits, so that chunks do not become tiny; a chunk begins with what it shares with the one before, from the
/// beginning of a sentence if there is one in it.
struct TextSplitter {
  private typealias Bytes = UnsafeBufferPointer<UInt8>

  /// The weights of characters of one to four bytes.
  private let weights: [Int]
  private let size: Int
  private let overlap: Int

  init(_ plan: SplitPlan) {
    switch plan.measure {
    case .characters:
      weights = [1, 1, 1, 1]
      (size, overlap) = (plan.size, plan.overlap)
    case .tokens:
      // In quarters of a token.
      weights = [1, 2, 4, 8]
      (size, overlap) = (plan.size * 4, plan.overlap * 4)
    }
  }

  /// Calls `body` with the bytes of each chunk, in order, white space around them left out.
  func forEachChunk(of text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
    var start = Self.skipSpace(text, from: 0)
    var covered = 0
    while start < text.count {
      var cut = cut(text, from: start, beyond: covered)
      if cut <= covered {
        // What is shared leaves no room for anything new: characters of different weights.
        start = Self.skipSpace(text, from: covered)
        cut = self.cut(text, from: start, beyond: covered)
      }
      covered = cut
      var end = cut
      while end > start, Self.isSpace(text[end - 1]) { end -= 1 }
      body(start..<end)
      guard Self.skipSpace(text, from: cut) < text.count else { return }
      // A chunk that were shared whole would be in two.
      let shared = next(text, after: cut)
      start = shared > start ? shared : Self.skipSpace(text, from: cut)
    }
  }

  /// Where the chunk from `start` ends: behind `covered`, where the one before it ended, if that much fits.
  private func cut(_ text: Bytes, from start: Int, beyond covered: Int) -> Int {
    var marks = TextMarks()
    var (paragraph, sentence, word) = (0, 0, 0)
    var weight = 0
    var position = start
    while position < text.count {
      let length = Self.length(text[position])
      let mark = marks.read(text, position, length)
      // A mark is behind white space only at the end of a paragraph and of a Chinese or Japanese sentence.
      if weight * 2 >= size {
        switch mark {
        case .paragraph: paragraph = position + length
        case .sentence: sentence = position
        case .sentenceBehind where weight + weights[length - 1] <= size:
          sentence = position + length
        case .word: word = position
        case .sentenceBehind, .none: break
        }
      }
      weight += weights[length - 1]
      if weight > size {
        return [paragraph, sentence, word].first { $0 > max(start, covered) }
          ?? (position > start ? position : start + length)
      }
      position += length
    }
    return text.count
  }

  /// Where the chunk after a cut begins.
  private func next(_ text: Bytes, after cut: Int) -> Int {
    var begin = cut
    var weight = 0
    while begin > 0 {
      var before = begin - 1
      while before > 0, text[before] & 0xC0 == 0x80 { before -= 1 }
      weight += weights[Self.length(text[before]) - 1]
      guard weight <= overlap else { break }
      begin = before
    }
    guard begin < cut else { return Self.skipSpace(text, from: cut) }
    var marks = TextMarks()
    var word = begin == 0 || Self.isSpace(text[begin - 1]) ? begin : nil
    var position = begin
    while position < cut {
      let length = Self.length(text[position])
      let mark = marks.read(text, position, length)
      let found = Self.skipSpace(text, from: position + length)
      if found < cut {
        switch mark {
        case .paragraph, .sentence, .sentenceBehind: return found
        case .word: word = word ?? found
        case .none: break
        }
      }
      position += length
    }
    return Self.skipSpace(text, from: word ?? begin)
  }

  private static func skipSpace(_ text: Bytes, from start: Int) -> Int {
    var position = start
    while position < text.count, isSpace(text[position]) { position += 1 }
    return position
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func length(_ lead: UInt8) -> Int {
    lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }
}
