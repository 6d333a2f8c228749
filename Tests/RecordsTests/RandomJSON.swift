/// A JSON value made by chance, as text with the spaces and escapes that a writer may choose.
struct RandomJSON {
  var random: RandomNumbers
  var text = ""

  mutating func value(depth: Int) {
    space()
    switch random.next(depth > 0 ? 8 : 5) {
    case 0: text += "null"
    case 1: text += "true"
    case 2: text += "false"
    case 3: number()
    case 4: string()
    case 5, 6:
      text += "{"
      for position in 0..<random.next(5) {
        if position > 0 { text += "," }
        space()
        string()
        space()
        text += ":"
        value(depth: depth - 1)
      }
      space()
      text += "}"
    default:
      text += "["
      for position in 0..<random.next(5) {
        if position > 0 { text += "," }
        value(depth: depth - 1)
      }
      space()
      text += "]"
    }
    space()
  }

  mutating func space() { text += ["", "", "", " ", "\n", "\t \r"][random.next(6)] }

  mutating func number() {
    text += ["0", "-0", "12", "-1.50", "1e3", "0.1E-7", "9223372036854775808"][random.next(7)]
  }

  mutating func string() {
    text += "\""
    for _ in 0..<random.next(60) {
      text +=
        [
          "a", "bc", " ", "é", "東", "😀", "\u{2028}", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9",
          "\\u001f",
          "\\u001F", "\\ud83d\\ude00", "\\u0000", "x", "y", "zzzzzzzz",
        ][random.next(19)]
    }
    text += "\""
  }
}
