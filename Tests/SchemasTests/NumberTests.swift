import Schemas
import Testing

@Suite struct NumberTests {
  @Test(
    arguments: [
      (
        #"{"type":"integer"}"#,
        [
          "1", "1.0", "-0.0", "1e3", "1.5e1", "1e400", "100000000000000000000000.0", "0e-9",
          "1e999999999999999999999",
        ],
        ["0.1", "1e-1", "1.5", "1e-999999999999", "12345678901234567890.5"]
      ),
      (
        #"{"multipleOf":0.01}"#, ["0.07", "4.35", "1e300", "0", "19.99", "-0.29", "1.0100"],
        ["0.075", "1e-3", "0.010000000000000000001"]
      ),
      (#"{"multipleOf":0.0001}"#, ["0.0075"], ["0.00751"]),
      (
        #"{"multipleOf":3}"#,
        ["9", "3e0", "111111111111111111111111111111", "300000000000000000000000000000000"],
        ["1", "1e999999999", "100000000000000000000000000000000000000000"]
      ),
      (#"{"multipleOf":1e-8}"#, ["12391239123", "0.00000001"], ["1e-9"]),
      (#"{"multipleOf":1e400}"#, ["0", "2e400", "1e401"], ["1", "1e399"]),
      (
        #"{"multipleOf":9223372036854775807}"#, ["9223372036854775807", "18446744073709551614"],
        ["9223372036854775808"]
      ),
      (
        #"{"maximum":0.3}"#, ["0.3", "0.29999999999999999999999999", "3e-1", "-1e999999999"],
        ["0.30000000000000000000000001", "1", "1e999999999"]
      ),
      (
        #"{"exclusiveMinimum":18446744073709551615}"#,
        ["18446744073709551615.0000000000001", "18446744073709551616", "2e19"],
        ["18446744073709551615", "18446744073709551615.0", "1e19"]
      ),
      (
        #"{"const":1}"#, ["1", "1.0", "1.000", "10e-1", "0.1e1"],
        ["1.0000000000000000000000001", "true", "\"1\"", "-1"]
      ),
      (#"{"const":0}"#, ["-0", "0.00e5"], ["false", "null", "1e-400"]),
      (#"{"enum":[0.10]}"#, ["0.1", "1e-1"], ["0.1000000000000000055511151231257827"]),
      (
        #"{"uniqueItems":true}"#, ["[1,10]", "[0.1,0.10000000000000000001]"],
        ["[1,1.0]", "[1e2,100]", "[[1],[1.0]]", #"[{"a":1,"b":2},{"b":2.0,"a":1}]"#]
      ),
    ] as [(String, [String], [String])])
  func exactly(_ schema: String, _ right: [String], _ wrong: [String]) throws {
    let fixture = try SchemaFixture(schema)
    for value in right { #expect(fixture.verdict(on: value) == true, "\(schema) on \(value)") }
    for value in wrong { #expect(fixture.verdict(on: value) == false, "\(schema) on \(value)") }
  }

  @Test(
    arguments: [
      (
        #"{"maxLength":2}"#, [#""🐲🐲""#, #""é\n""#, #""\ud83d\udc32\u0041""#],
        [#""🐲🐲🐲""#, #""e\u0301x""#]
      ),
      (#"{"minLength":2}"#, [#""ab""#, #""\n\n""#], [#""🐲""#, #""\ud83d\udc32""#, #""\u00e9""#]),
      (
        #"{"maxLength":12,"minLength":12}"#, [#""abcdefghijkl""#, #""éééééééééééé""#],
        [#""éééééééééééé!""#]
      ),
      (#"{"const":"é"}"#, [#""é""#, #""\u00e9""#], [#""e\u0301""#]),
      (#"{"enum":["a\nb"]}"#, [#""a\nb""#, #""\u0061\u000ab""#], [#""ab""#]),
      (
        #"{"properties":{"é":{"type":"null"}},"additionalProperties":false}"#,
        [#"{"\u00e9":null}"#], [#"{"e\u0301":null}"#, #"{"é":1}"#]
      ),
      (
        #"{"properties":{"a":{"type":"null"}},"maxProperties":1}"#, [#"{"a":1,"a":null}"#],
        [#"{"a":null,"a":1}"#, #"{"a":null,"b":1}"#]
      ),
      (
        #"{"minProperties":2}"#, [#"{"a":1,"b":1}"#],
        [#"{"a":1,"a":1}"#, #"{"a":1,"\u0061":1}"#, #"{"\u0061":1,"a":1}"#]
      ),
      (
        #"{"const":{"a":1}}"#, [#"{"a":2,"a":1}"#, #"{"a":1.0}"#],
        [#"{"a":1,"b":1}"#, #"{"a":1,"a":2}"#]
      ),
    ] as [(String, [String], [String])])
  func textsByMeaning(_ schema: String, _ right: [String], _ wrong: [String]) throws {
    try exactly(schema, right, wrong)
  }

  @Test func tooPreciseADivisorIsRefused() throws {
    #expect(
      try SchemaFixture.error(#"{"multipleOf":0.12345678901234567890123}"#)?.code
        == .unsupportedNumber)
    #expect(try SchemaFixture.error(#"{"multipleOf":0}"#)?.code == .badKeyword)
  }
}
