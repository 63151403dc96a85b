import Testing

@testable import SlopeCore

@Suite struct RowwiseProductsTests {
  /// Products of which all rows are equal, in sizes that no tile divides.
  private func checkRows<Element: FloatingElement>(_ type: Element.Type, _ tolerance: Double) {
    for (rows, inner, columns) in [(1021, 100, 31), (259, 37, 65), (64, 64, 1)] {
      let row = Tensor<Element>.normal([2, 1, inner], generator: Generator(seed: 3), on: .cpu)
      let left = row + Tensor<Element>.zeros([2, rows, inner], on: .cpu)
      let weight = Tensor<Element>.normal(
        [2, columns, inner], generator: Generator(seed: 4), on: .cpu)
      let product = withRowwiseProducts { matmul(left, weight.transposed(-2, -1)) }
      #expect(!RowwiseProducts.isOn && product.shape == [2, rows, columns])
      let first = product[0..., ..<1]
      #expect((product .== first).all().item(), "\(type) \(rows)")
      let expected = matmul(
        row.cast(to: Double.self), weight.transposed(-2, -1).cast(to: Double.self))
      let error = (first.cast(to: Double.self) - expected).abs().max().item()
      #expect(error < tolerance, "\(type) \(rows): \(error)")
    }
  }

  @Test func rowsHaveTheSameBitsWhereverTheyStand() {
    checkRows(Float.self, 1e-4)
    checkRows(Double.self, 1e-12)
    checkRows(Float16.self, 0.05)
    #expect(withRowwiseProducts { RowwiseProducts.isOn })
  }

  /// A row or a column alone, and among others.
  @Test func aRowOrAColumnAloneIsTheSame() {
    let left = Tensor<Float>.normal([200, 90], generator: Generator(seed: 5), on: .cpu)
    let right = Tensor<Float>.normal([90, 70], generator: Generator(seed: 6), on: .cpu)
    withRowwiseProducts {
      let all = matmul(left, right)
      for row in [0, 3, 77, 199] {
        #expect(matmul(left[row..<(row + 1)], right).scalars == all[row].scalars)
      }
      for column in [0, 3, 31, 69] {
        let alone = right[0..., column..<(column + 1)]
        #expect(matmul(left, alone + 0).flattened().scalars == all[0..., column].scalars)
      }
    }
  }
}
