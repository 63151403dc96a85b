import ConformanceKit
import Foundation
import Slope
import Testing

/// A Double tensor in the form of a golden file.
private func tensor(_ values: [Double], _ shape: [Int]? = nil) -> String {
  let base64 = values.withUnsafeBytes { Data($0).base64EncodedString() }
  return #"{"dtype":"float64","shape":\#(shape ?? [values.count]),"b64":"\#(base64)"}"#
}

/// An Int64 tensor in the form of a golden file.
private func integers(_ values: [Int], _ shape: [Int]? = nil) -> String {
  let base64 = values.withUnsafeBytes { Data($0).base64EncodedString() }
  return #"{"dtype":"int64","shape":\#(shape ?? [values.count]),"b64":"\#(base64)"}"#
}

/// The outcome of a case within 1e-12.
private func outcome(
  _ op: String, _ attributes: String, _ inputs: [String], _ outputs: [String]
) throws -> Outcome {
  let line =
    #"{"id":"x","op":"\#(op)","attrs":{\#(attributes)},"strength":"must","expect":"value","#
    + #""inputs":[\#(inputs.joined(separator: ","))],"outputs":[\#(outputs.joined(separator: ","))],"#
    + #""tol":{"mode":"close","rtol":1e-12,"atol":1e-12}}"#
  let text = "{\"format\":\"golden-1\"}\n" + line
  let golden = try #require(GoldenFile(data: Data(text.utf8), path: "x").cases.first)
  return CaseRunner().run(golden)
}

/// Cases as PyTorch's users state them.
///
/// One output or two, axes in several forms, optimisers that go
/// on. Expected values are PyTorch's.
struct OperandCaseTests {
  private let x = tensor([3, 1, 2])

  @Test func valuesComeWithTheirIndicesOrAlone() throws {
    let cases = [
      ("sort", #""dim":0"#, [1.0, 2, 3], [1, 2, 0]),
      ("sort", #""descending":true"#, [3, 2, 1], [0, 2, 1]),
      ("topk", #""k":2"#, [3, 2], [0, 2]), ("topk", #""k":1,"largest":false"#, [1], [1]),
      ("cummax", #""dim":0"#, [3, 3, 3], [0, 0, 0]),
      ("cummin", #""dim":-1"#, [3, 1, 1], [0, 1, 1]),
    ]
    for (op, attributes, values, places) in cases {
      #expect(
        try outcome(op, attributes, [x], [tensor(values), integers(places)]) == .passed, "\(op)")
      #expect(try outcome(op, attributes, [x], [tensor(values)]) == .passed, "\(op)")
    }
    #expect(try outcome("max", #""dim":0"#, [x], [tensor([3], []), integers([0], [])]) == .passed)
    #expect(
      try outcome("min", #""dim":0,"keepdim":true"#, [x], [tensor([1]), integers([1])]) == .passed)
    #expect(try outcome("max", "", [x], [tensor([3], [])]) == .passed)
    #expect(
      try outcome("sort", "", [x], [tensor([1, 2, 3]), integers([1, 2, 0]), x])
        == .failed("want 3 outputs, got 2", strength: .must))
  }

  @Test func runningExtremaNameTheLastOfEqualsAndOfNaN() throws {
    let ties = tensor([1, 1, .nan, 2, .nan])
    #expect(
      try outcome(
        "cummax", #""dim":0"#, [ties],
        [tensor([1, 1, .nan, .nan, .nan]), integers([0, 1, 2, 2, 4])])
        == .passed)
    #expect(
      try outcome("cummin", #""dim":0"#, [tensor([5], [])], [tensor([5], []), integers([0], [])])
        == .passed)
  }

  @Test func axesAreGivenInEveryForm() throws {
    let matrix = tensor([1, 2, 3, 4], [2, 2])
    #expect(try outcome("sum", #""dims":[]"#, [matrix], [tensor([10], [])]) == .passed)
    #expect(
      try outcome("sum", #""dim":[],"keepdim":true"#, [matrix], [tensor([10], [1, 1])]) == .passed)
    #expect(try outcome("sum", #""dim":0"#, [matrix], [tensor([4, 6])]) == .passed)
    #expect(try outcome("softmax", #""dims":[0]"#, [tensor([5])], [tensor([1])]) == .passed)
    #expect(
      try outcome("diagonal", #""dim1":1,"dim2":0,"offset":1"#, [matrix], [tensor([3])]) == .passed)
    #expect(
      try outcome("roll", #""shifts":1"#, [matrix], [tensor([4, 1, 2, 3], [2, 2])]) == .passed)
    #expect(
      try outcome("roll", #""shifts":1,"dims":1"#, [matrix], [tensor([2, 1, 4, 3], [2, 2])])
        == .passed)
    #expect(
      try outcome(
        "pad", #""pad":[1,0],"mode":"circular""#, [matrix], [tensor([2, 1, 2, 4, 3, 4], [2, 3])])
        == .passed)
    #expect(try outcome("pad", #""pad":[1,0]"#, [x], [tensor([0, 3, 1, 2])]) == .passed)
    #expect(
      try outcome("pad", #""pad":[1,0],"mode":"odd""#, [x], [x]) == .skipped("the mode 'odd'"))
  }

  private let parameter = tensor([1, 2])
  private let gradient = tensor([0.5, -0.25])

  @Test func optimisersGoOnFromAState() throws {
    #expect(
      try outcome(
        "optim_sgd", #""lr":0.1,"momentum":0.9,"dampening":0.5,"momentum_buffer":[0.5,-1]"#,
        [parameter, gradient], [tensor([0.93, 2.1025]), tensor([0.7, -1.025])]) == .passed)
    #expect(
      try outcome(
        "optim_adam", #""lr":0.1,"betas":[0.8,0.9],"step":3"#,
        [parameter, gradient, tensor([0.5, -1]), tensor([0.25, 2])],
        [
          tensor([0.9006724475647306, 2.0628202604837336]), tensor([0.5, -0.85]),
          tensor([0.25, 1.80625]),
        ]) == .passed)
    #expect(
      try outcome(
        "optim_adamw",
        #""lr":0.1,"amsgrad":true,"state":{"step":3,"exp_avg":[0.5,-1],"exp_avg_sq":[0.25,2],"#
          + #""max_exp_avg_sq":[4,1]}"#,
        [parameter, gradient], [tensor([0.994405776907827, 2.010025669663787])]) == .passed)
    let names = #"["param","grad","momentum_buffer before","square_avg","grad_avg","step"]"#
    #expect(
      try outcome(
        "optim_rmsprop", #""lr":0.1,"centered":true,"momentum":0.9,"inputs":\#(names)"#,
        [
          parameter, gradient, tensor([0.25, 0.5]), tensor([3, 2]), tensor([0.5, -1]),
          tensor([3], []),
        ],
        [
          tensor([0.9471969698806244, 1.9800555751435944]), tensor([2.9725, 1.980625]),
          tensor([0.5, -0.9925]), tensor([0.5280303011937558, 0.1994442485640554]),
        ]) == .passed)
    #expect(
      try outcome(
        "optim_adagrad", #""lr":0.1,"lr_decay":0.5,"step":3,"sum":[3,2]"#,
        [parameter, tensor([0.5, -0.25], [1, 2])],
        [tensor([0.9889059960761108, 2.006963106237743], [1, 2])]) == .passed)
  }

  @Test func aStateThatIsNotWholeIsSkipped() throws {
    let cases = [
      (#""lr":0.1,"step":3"#, "a step without a state"),
      (#""lr":0.1,"exp_avg":[1,2],"exp_avg_sq":[1,2]"#, "a state without its step"),
      (#""lr":0.1,"step":1,"exp_avg":[1],"exp_avg_sq":[1,2]"#, "the state 'exp_avg'"),
    ]
    for (attributes, message) in cases {
      #expect(
        try outcome("optim_adam", attributes, [parameter, gradient], [parameter])
          == .skipped(message))
    }
  }
}
