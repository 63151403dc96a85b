import Testing

@testable import SlopeCore

private let list = Tensor<Int>.arange(5)
private let cube = Tensor<Int>.arange(24).reshaped(to: [2, 3, 4])

@Suite struct TensorSubscriptTests {
  @Test(
    arguments: [
      (0, "[] 0"), (4, "[] 4"), (-1, "[] 4"), (-5, "[] 0"), (1..<3, "[2] 1 2"),
      (1..<99, "[4] 1 2 3 4"),
      (-2..<99, "[2] 3 4"), (-99..<2, "[2] 0 1"), (-3 ..< -1, "[2] 2 3"), (3..<3, "[0] "),
      (5..<9, "[0] "), (1...2, "[2] 1 2"), (2 ... .max, "[3] 2 3 4"), (-2 ... -1, "[2] 3 4"),
      (-3 ... -2, "[2] 2 3"), (0...99, "[5] 0 1 2 3 4"), (2..., "[3] 2 3 4"), ((-2)..., "[2] 3 4"),
      (9..., "[0] "), (..<2, "[2] 0 1"), (..<(-1), "[4] 0 1 2 3"), (..<99, "[5] 0 1 2 3 4"),
      (..<(-9), "[0] "), (...1, "[2] 0 1"), (...(-1), "[5] 0 1 2 3 4"), (...(-2), "[4] 0 1 2 3"),
      (...99, "[5] 0 1 2 3 4"), (...(.max), "[5] 0 1 2 3 4"),
      (stride(from: 0, to: 5, by: 2), "[3] 0 2 4"), (stride(from: 0, to: 4, by: 2), "[2] 0 2"),
      (stride(from: 0, through: 4, by: 2), "[3] 0 2 4"),
      (stride(from: 1, to: 99, by: 3), "[2] 1 4"),
      (stride(from: 4, through: 0, by: -1), "[5] 4 3 2 1 0"),
      (stride(from: 4, to: 0, by: -2), "[2] 4 2"), (stride(from: 3, to: -9, by: -2), "[2] 3 1"),
      (stride(from: -2, to: 9, by: 3), "[2] 1 4"),
      (stride(from: 10, through: -5, by: -3), "[2] 4 1"),
      (stride(from: -4, to: 9, by: 4), "[2] 0 4"), (stride(from: 5, to: 9, by: 1), "[0] "),
      (stride(from: 0, to: 0, by: 1), "[0] "), (stride(from: 0, to: .max, by: 3), "[2] 0 3"),
      (stride(from: 2, to: 3, by: 1), "[1] 2"), (stride(from: -1, to: -9, by: -1), "[0] "),
    ] as [(any TensorIndex, String)])
  func choosesAlongOneAxis(index: any TensorIndex, expected: String) {
    #expect(show(list[index]) == expected, "\(index)")
    // The same on a view that is not contiguous, and on an inner axis.
    let tall = Tensor<Int>.arange(15).reshaped(to: [5, 3])
    #expect(show(tall[index, 1]) == show(list[index] * 3 + 1))
    #expect(show(tall.transposed()[2, index]) == show(list[index] * 3 + 2))
  }

  @Test func severalAxes() {
    #expect(show(cube[1, 2, 3]) == "[] 23" && show(cube[-1, -3, 1]) == "[] 13")
    #expect(show(cube[1]) == "[3, 4] 12 13 14 15 16 17 18 19 20 21 22 23")
    #expect(show(cube[0..., 1]) == "[2, 4] 4 5 6 7 16 17 18 19")
    #expect(show(cube[1, 1..., ..<2]) == "[2, 2] 16 17 20 21")
    #expect(show(cube[0, stride(from: 2, through: 0, by: -2), 3]) == "[2] 11 3")
    #expect(show(cube[1..., 0..., 2]) == "[1, 3] 14 18 22")
    #expect(show(cube[2..., 1]) == "[0, 4] " && show(cube[2..., 1][0..., 3...]) == "[0, 1] ")
    #expect(cube[...].value === cube.value)
  }

  @Test func slicesOfSlices() {
    let odd = cube[0..., 1..., stride(from: 3, through: 1, by: -2)]
    #expect(show(odd) == "[2, 2, 2] 7 5 11 9 19 17 23 21")
    #expect(show(odd[1, 0...]) == "[2, 2] 19 17 23 21" && show(odd[0..., -1, 1]) == "[2] 9 21")
    #expect(show(odd[1][stride(from: 1, through: 0, by: -1)]) == "[2, 2] 23 21 19 17")
    #expect(show(odd.permuted([2, 0, 1])[1, 1, 0]) == "[] 17")
  }

  @Test func viewsShareMemory() {
    for view in [cube[1], cube[0..., 1..<3], cube[0, 0, stride(from: 3, to: 0, by: -1)]] {
      #expect(view.value.buffer === cube.value.buffer)
    }
    #expect(cube[1, 2].value.layout.offset == 20)
  }

  @Test func whatIsNotThereFails() {
    #expect(failure { list[5] } == "subscript: index 5 is not in 0..<5 (axis 0)")
    #expect(failure { list[-6] } == "subscript: index -6 is not in 0..<5 (axis 0)")
    #expect(failure { cube[0, 3] } == "subscript: index 3 is not in 0..<3 (axis 1)")
    #expect(failure { list[Int.min] } != nil && failure { Tensor([Int]())[0] } != nil)
    #expect(failure { list[0, 0] } == "subscript: 2 indices for shape [5]")
    #expect(failure { Tensor(1)[0] } == "subscript: 1 indices for shape []")
  }

  @Test func choicesAreValues() {
    let choice = AxisChoice(start: 1, count: 2)
    #expect(choice.step == 1 && !choice.removesAxis && 3.resolve(extent: 3) == nil)
    #expect(2.resolve(extent: 3) == AxisChoice(start: 2, count: 1, removesAxis: true))
    #expect(stride(from: 2, to: 3, by: 5).resolve(extent: 9)?.step == 1)
  }

  /// The selection by a list of a stride's numbers.
  private func listed(_ numbers: some Sequence<Int>, extent: Int) -> [Int] {
    numbers.filter { $0 >= 0 && $0 < extent }
  }

  private func chosen(_ index: some TensorIndex, extent: Int) -> [Int]? {
    index.resolve(extent: extent).map { choice in
      (0..<choice.count).map { choice.start + $0 * choice.step }
    }
  }

  @Test func stridesChooseWhatTheyList() {
    for from in -7...7 {
      for to in -7...7 {
        for step in [-9, -3, -2, -1, 1, 2, 3, 9] {
          for extent in 0...4 {
            let open = stride(from: from, to: to, by: step)
            let closed = stride(from: from, through: to, by: step)
            #expect(chosen(open, extent: extent) == listed(open, extent: extent))
            #expect(chosen(closed, extent: extent) == listed(closed, extent: extent))
          }
        }
      }
    }
  }

  @Test func stridesOfAnyLengthAreNotListed() {
    #expect(chosen(stride(from: -1_000_000_000_000, to: 3, by: 1), extent: 5) == [0, 1, 2])
    #expect(chosen(stride(from: 4, through: .min, by: -2), extent: 5) == [4, 2, 0])
    #expect(chosen(stride(from: .max, through: .min, by: -1), extent: 3) == [2, 1, 0])
    #expect(chosen(stride(from: .min, to: .max, by: .max), extent: 3) == [])
    #expect(chosen(stride(from: .min, through: .max, by: .max), extent: .max) == [.max - 1])
    #expect(chosen(stride(from: 2, to: .max, by: .max), extent: 3) == [2])
    #expect(chosen(stride(from: 1, to: 9, by: .min), extent: 3) == [])
  }

  private struct Choice: TensorIndex {
    let choice: AxisChoice
    func resolve(extent: Int) -> AxisChoice? { choice }
  }

  /// Slices of a gradient are each added at their own place.
  @Test func noElementIsChosenTwice() {
    let index = Choice(choice: AxisChoice(start: 1, step: 0, count: 3))
    #expect(failure { Tensor([1, 2, 3])[index] }?.hasPrefix("subscript") == true)
  }

  @Test func theStepOfOneElementMayBeAnyNumber() {
    for step in [Int.max, .min, 1 << 62, 0] {
      let index = Choice(choice: AxisChoice(start: 1, step: step, count: 1))
      #expect(show(Tensor([[1, 2], [3, 4]])[index]) == "[1, 2] 3 4")
      #expect(show(Tensor([[1, 2], [3, 4]])[0..., index]) == "[2, 1] 2 4")
    }
  }
}
