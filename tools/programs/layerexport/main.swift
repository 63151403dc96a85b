import Glibc
import Slope
import SlopeData
import TestSupport

// Writes into a folder, for each kind of layer that is exported to ONNX, the model as NUMBER.onnx and an input
// with the layer's output as NUMBER.npz: what tools/check-onnx compares with onnxruntime.

/// Writes the cases of an element type; returns the number of the next.
func write<Element: FloatingElement>(
  _: Element.Type, from number: Int, to folder: String
) throws -> Int {
  var number = number
  for layerCase in ONNXLayerCase<Element>.all {
    let layer = layerCase.layer()
    let model = try export(layer, Shape(layerCase.inputShape))
    try model.write(to: "\(folder)/\(number).onnx")
    var arrays = NumpyArchive()
    arrays["input"] = NumpyArray(layerCase.input)
    arrays["output"] = NumpyArray(noGrad { layer(layerCase.input) })
    try arrays.write(to: "\(folder)/\(number).npz")
    print(number, Element.dtype, layerCase.name)
    number += 1
  }
  return number
}

/// The model of a layer of any kind.
func export<Element: FloatingElement>(
  _ layer: some Layer<Element>, _ shape: Shape
) throws -> ONNXModel {
  try ONNXModel(layer, inputShape: shape)
}

guard CommandLine.arguments.count == 2 else {
  print("usage: layerexport FOLDER")
  exit(64)
}
let next = try write(Float.self, from: 0, to: CommandLine.arguments[1])
_ = try write(Double.self, from: next, to: CommandLine.arguments[1])
