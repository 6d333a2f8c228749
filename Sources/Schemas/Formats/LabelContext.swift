/// Scalars that a host name allows only beside certain others (RFC 5892, appendix A).
struct LabelContext {
  let label: [Unicode.Scalar]

  /// Whether the scalar at a position stands where it may.
  func allows(_ position: Int) -> Bool {
    let before = position > 0 ? label[position - 1] : nil
    let after = position + 1 < label.count ? label[position + 1] : nil
    switch label[position].value {
    case 0x200C: return isVirama(before) || joins(around: position)
    case 0x200D: return isVirama(before)
    case 0xB7: return before == "l" && after == "l"
    case 0x375: return isIn(["Greek"], after)
    case 0x5F3, 0x5F4: return isIn(["Hebrew"], before)
    case 0x30FB:
      return label.contains { $0.value != 0x30FB && isIn(["Hiragana", "Katakana", "Han"], $0) }
    case 0x660...0x669: return !label.contains { (0x6F0...0x6F9).contains($0.value) }
    case 0x6F0...0x6F9: return !label.contains { (0x660...0x669).contains($0.value) }
    default: return false
    }
  }

  private func isVirama(_ scalar: Unicode.Scalar?) -> Bool {
    scalar?.properties.canonicalCombiningClass == .virama
  }

  private func isIn(_ scripts: [String], _ scalar: Unicode.Scalar?) -> Bool {
    guard let value = scalar?.value else { return false }
    return scripts.contains { Scripts.ranges(of: $0)?.contains { $0.contains(value) } ?? false }
  }

  /// Whether the letters on both sides, marks passed over, are joined to what lies between. Known
  /// for Arabic only.
  private func joins(around position: Int) -> Bool {
    guard let left = label[..<position].last(where: { !isTransparent($0) }),
      let right = label[(position + 1)...].first(where: { !isTransparent($0) })
    else { return false }
    return joinsBothSides(left) && (joinsBothSides(right) || joinsRightOnly(right))
  }

  private func isTransparent(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .nonspacingMark
  }

  private func joinsBothSides(_ scalar: Unicode.Scalar) -> Bool {
    guard (0x620...0x6FF).contains(scalar.value), scalar.properties.generalCategory == .otherLetter
    else { return false }
    return ![0x621, 0x674, 0x6D5].contains(scalar.value) && !joinsRightOnly(scalar)
  }

  private func joinsRightOnly(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x622...0x625, 0x627, 0x629, 0x62F...0x632, 0x648, 0x671...0x673, 0x675...0x677,
      0x688...0x699, 0x6C0, 0x6C3...0x6CB, 0x6CD, 0x6CF, 0x6D2, 0x6D3, 0x6D5, 0x6EE, 0x6EF:
      true
    default: false
    }
  }
}
