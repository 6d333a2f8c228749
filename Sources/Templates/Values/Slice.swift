/// `[start:stop:step]`, with Python's rules for bounds that are missing, negative or outside.
struct Slice {
  let start: Int?
  let stop: Int?
  /// Not zero.
  let step: Int

  init(_ start: Int?, _ stop: Int?, _ step: Int) {
    self.start = start
    self.stop = stop
    self.step = step
  }

  /// The bounds within a sequence of `count` elements.
  func resolved(_ count: Int) -> (start: Int, stop: Int) {
    let lowest = step > 0 ? 0 : -1
    let highest = step > 0 ? count : count - 1
    func clamp(_ bound: Int?, _ fallback: Int) -> Int {
      guard let bound else { return fallback }
      return min(max(bound < 0 ? bound + count : bound, lowest), highest)
    }
    return step > 0
      ? (clamp(start, lowest), clamp(stop, highest))
      : (clamp(start, highest), clamp(stop, lowest))
  }

  /// The positions it takes out of a sequence of `count` elements.
  func indices(_ count: Int) -> [Int] {
    let bounds = resolved(count)
    return Array(stride(from: bounds.start, to: bounds.stop, by: step))
  }
}

extension Text {
  /// The characters a slice takes.
  func slice(_ slice: Slice) -> Text {
    if isASCII {
      let bounds = slice.resolved(bytes.count)
      if slice.step == 1 {
        return bounds.start < bounds.stop
          ? alike(Array(bytes[bounds.start..<bounds.stop])) : alike([])
      }
      return alike(slice.indices(bytes.count).map { bytes[$0] })
    }
    let scalars = scalars
    return Text(slice.indices(scalars.count).map { scalars[$0] }, isMarkup: isMarkup)
  }

  /// The first characters.
  func prefix(_ count: Int) -> Text { slice(Slice(0, max(count, 0), 1)) }
}
