import Glibc
import SlopeCore
import SlopeData

// tableread FILE: reads a CSV file and makes a tensor of Float of its columns of numbers. Prints rows,
// columns and seconds.

guard CommandLine.arguments.count == 2 else {
  print("usage: tableread FILE")
  exit(64)
}
let clock = ContinuousClock()
let start = clock.now
do {
  let table = try Table(csv: CommandLine.arguments[1])
  let read = clock.now
  let names = table.columns.filter { $0.kind.isNumeric }.map(\.name)
  let tensor: Tensor<Float> = try table.tensor(names)
  let end = clock.now
  print(
    "\(table.rowCount) × \(table.columnCount) to \(tensor.shape), table", seconds(read - start),
    "tensor", seconds(end - read), "together", seconds(end - start))
} catch {
  print(error)
  exit(1)
}

func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }
