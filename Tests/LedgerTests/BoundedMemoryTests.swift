import Testing

@testable import Ledger
@testable import Records

/// The structures that stand between a reading and the number of its records.
@Suite struct BoundedMemoryTests {
  private func hash(_ number: Int) -> ContentHash { ContentHash(of: "text \(number)") }

  @Test func aFilterForgetsNothingAndRarelyErrs() {
    let filter = IdentityFilter(byteCount: 1 << 20)
    var mistakes = 0
    for number in 0..<30_000 where !filter.insert(hash(number)) { mistakes += 1 }
    // As many bits a hash as 16 MB have for half a million.
    #expect(mistakes == 0)
    for number in 0..<30_000 { #expect(!filter.insert(hash(number))) }
  }

  @Test func aFilterThatGrowsForgetsNothingOnTheWay() {
    let filter = GrowingFilter()
    let numbers = 0..<(GrowingFilter.few * 3)
    #expect(numbers.count { !filter.insert(hash($0)) } == 0)
    #expect(numbers.count { filter.insert(hash($0)) } == 0)
  }

  @Test func aFullFilterTakesEverythingForKnown() {
    let filter = IdentityFilter(byteCount: 64)
    for number in 0..<10_000 { _ = filter.insert(hash(number)) }
    #expect(!filter.insert(hash(10_001)))
  }

  @Test func itemBits() {
    var bits = ItemBits(upTo: 130)
    let wereNew = [0, 64, 130, 64].map { bits.insert($0) }
    #expect(wereNew == [true, true, true, false])
    #expect(bits.contains(130) && !bits.contains(129) && !bits.contains(10_000))
  }

  @Test func risingKeysNeedNoFilter() {
    var keys = NewKeys()
    func meet(_ key: String) -> (isSuspect: Bool, asked: Bool) {
      var asked = false
      let suspect = Array(key.utf8).withUnsafeBufferPointer { bytes in
        keys.mayHaveMet(bytes) { each in
          asked = true
          for earlier in ["8", "9", "10", "11"] {
            Array(earlier.utf8).withUnsafeBufferPointer { each($0) }
          }
        }
      }
      return (suspect, asked)
    }
    for key in ["8", "9", "10", "11"] { #expect(meet(key) == (false, false)) }
    #expect(meet("5") == (false, true))
    #expect(meet("9") == (true, false))
    #expect(meet("12") == (false, false))
    #expect(meet("5") == (true, false))
  }

  @Test func aRosterGrowsAndTakesEachOnce() {
    var roster = ShardRoster(expecting: 10)
    for number in 1...5000 {
      roster.insert(hash(number), number % 3 == 0 ? .attempt(Int64(number)) : .item(Int64(number)))
    }
    #expect(roster.count == 5000)
    for number in 1...4990 {
      let place: ShardRoster.Place =
        number % 3 == 0 ? .attempt(Int64(number)) : .item(Int64(number))
      #expect(roster.take(hash(number)) == place)
      #expect(roster.take(hash(number)) == nil)
    }
    #expect(roster.untaken.count == 10)
    #expect(roster.take(hash(6000)) == nil)
    #expect(!roster.contains(hash(6000)))
  }

  @Test func whatTwoRequestsShareIsTakenByNeither() {
    var roster = ShardRoster(expecting: 4)
    roster.insert(hash(1), .item(1))
    roster.insert(hash(1), .attempt(9))
    roster.insert(hash(1), .item(3))
    roster.insert(hash(2), .item(2))
    #expect(roster.ambiguousCount == 1)
    #expect(roster.take(hash(1)) == nil)
    #expect(roster.untaken == [.item(2)])
  }
}
