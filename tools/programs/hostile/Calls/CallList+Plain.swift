import Slope
import SlopeCore
import SlopeData

/// Everything but tensors: indices, shapes, expressions, generators, devices.
extension CallList {
  func addIndexCalls() {
    func step(_ draw: inout Draw) -> Int {
      let step = draw.int()
      return step == 0 ? -1 : step
    }
    add("AxisChoice.init(start:step:count:removesAxis:)") { draw in
      let choice = AxisChoice(
        start: draw.int(), step: draw.int(), count: draw.int(), removesAxis: draw.bool())
      draw.use(draw.tensor(Float.self)[Chosen(choice: choice)])
    }
    add("TensorIndex.resolve(extent:)") { _ = $0.index().resolve(extent: Swift.max($0.int(), 0)) }
    add("Int.resolve(extent:)") { _ = $0.int().resolve(extent: Swift.max($0.int(), 0)) }
    add("Range.resolve(extent:)") { draw in
      let (a, b) = (draw.int(), draw.int())
      _ = (min(a, b)..<max(a, b)).resolve(extent: max(draw.int(), 0))
    }
    add("ClosedRange.resolve(extent:)") { draw in
      let (a, b) = (draw.int(), draw.int())
      _ = (min(a, b)...max(a, b)).resolve(extent: max(draw.int(), 0))
    }
    add("PartialRangeFrom.resolve(extent:)") {
      _ = ($0.int()...).resolve(extent: Swift.max($0.int(), 0))
    }
    add("PartialRangeUpTo.resolve(extent:)") {
      _ = (..<$0.int()).resolve(extent: Swift.max($0.int(), 0))
    }
    add("PartialRangeThrough.resolve(extent:)") {
      _ = (...$0.int()).resolve(extent: Swift.max($0.int(), 0))
    }
    add("StrideTo.resolve(extent:)") { draw in
      let places = stride(from: draw.int(), to: draw.int(), by: step(&draw))
      _ = places.resolve(extent: max(draw.int(), 0))
    }
    add("StrideThrough.resolve(extent:)") { draw in
      let places = stride(from: draw.int(), through: draw.int(), by: step(&draw))
      _ = places.resolve(extent: max(draw.int(), 0))
    }
  }

  func addExpressionCalls() {
    let pairs: [(String, (Expression, Expression) -> Expression)] = [
      ("+(_:_:)", { $0 + $1 }), ("-(_:_:)", { $0 - $1 }), ("*(_:_:)", { $0 * $1 }),
      ("/(_:_:)", { $0 / $1 }), (".<(_:_:)", { $0 .< $1 }), (".<=(_:_:)", { $0 .<= $1 }),
      (".>(_:_:)", { $0 .> $1 }), (".>=(_:_:)", { $0 .>= $1 }), (".==(_:_:)", { $0 .== $1 }),
      (".!=(_:_:)", { $0 .!= $1 }), ("maximum(_:_:)", { .maximum($0, $1) }),
      ("minimum(_:_:)", { .minimum($0, $1) }), ("pow(_:)", { $0.pow($1) }),
      ("select(_:_:_:)", { .select($0, $1, $0) }),
    ]
    let alone: [(String, (Expression) -> Expression)] = [
      ("-(_:)", { -$0 }), ("abs()", { $0.abs() }), ("sign()", { $0.sign() }),
      ("floor()", { $0.floor() }), ("ceil()", { $0.ceil() }), ("trunc()", { $0.trunc() }),
      ("round()", { $0.round() }), ("sqrt()", { $0.sqrt() }), ("rsqrt()", { $0.rsqrt() }),
      ("reciprocal()", { $0.reciprocal() }), ("square()", { $0.square() }),
      ("exp()", { $0.exp() }), ("exp2()", { $0.exp2() }), ("expm1()", { $0.expm1() }),
      ("log()", { $0.log() }), ("log2()", { $0.log2() }), ("log10()", { $0.log10() }),
      ("log1p()", { $0.log1p() }), ("sin()", { $0.sin() }), ("cos()", { $0.cos() }),
      ("tan()", { $0.tan() }), ("asin()", { $0.asin() }), ("acos()", { $0.acos() }),
      ("atan()", { $0.atan() }), ("sinh()", { $0.sinh() }), ("cosh()", { $0.cosh() }),
      ("tanh()", { $0.tanh() }), ("asinh()", { $0.asinh() }), ("acosh()", { $0.acosh() }),
      ("relu()", { $0.relu() }),
      ("atanh()", { $0.atanh() }), ("erf()", { $0.erf() }), ("erfc()", { $0.erfc() }),
      ("sigmoid()", { $0.sigmoid() }),
    ]
    /// Mostly shallow: a deep formula is compiled each time, on a device by its driver. The
    /// computation takes time as well, so that deep formulas have few elements, or too many for any
    /// memory.
    func operand(_ draw: inout Draw) -> (x: Tensor<Float>, depth: Int) {
      let x = draw.tensor(Float.self)
      let isDeep = draw.tensors.device == .cpu && draw.once(in: 100)
      guard isDeep, !(1000...1 << 40).contains(x.count) else { return (x, draw.below(3)) }
      return (x, draw.one(of: [300, 5000, 40_000, 70_000, 200_000]))
    }
    // On a device each formula is a separate program, so there are few.
    for (name, function) in pairs {
      add("Expression.\(name)") { draw in
        let ((x, depth), bare) = (operand(&draw), draw.bool())
        draw.use(
          Pointwise { x in
            var result = x
            for place in 0..<depth + 1 {
              result = bare ? function(result, x) : function(x, result + Expression(Double(place)))
            }
            return result
          }(x))
      }
    }
    for (name, function) in alone {
      add("Expression.\(name)") { draw in
        let (x, depth) = operand(&draw)
        draw.use(
          differentiable: Pointwise { x in
            var result = x
            for _ in 0..<depth + 1 { result = function(result) }
            return result
          }(x))
      }
    }
    add("Expression.init(_:)") { draw in
      let number = draw.number()
      draw.use(Pointwise { $0 + Expression(number) }(draw.tensor(Int.self)))
    }
    add("Expression.init(floatLiteral:)") { draw in
      draw.use(Pointwise { $0 * 0.5 }(draw.tensor(Int.self)))
    }
    add("Expression.init(integerLiteral:)") { draw in
      draw.use(Pointwise { $0 + 9_000_000_000_000_000_000 }(draw.tensor(Int.self)))
    }
    add("Pointwise.init(_:_:)") { draw in
      let name = draw.one(of: ["", "é\n", String(repeating: "x", count: 10_000)])
      draw.use(Pointwise(name) { x in x }(draw.tensor(Float.self)))
    }
    add("Pointwise.init(_:_:)") { draw in
      let tensor = draw.tensor(Float.self)
      draw.use(Pointwise("unused") { _, y in y }(tensor, draw.tensor(like: tensor)))
    }
    add("Pointwise.init(_:_:)") { draw in
      let tensor = draw.tensor(Float.self)
      draw.use(Pointwise("constant") { _, _, _ in 2 }(tensor, tensor, draw.tensor(like: tensor)))
    }
    let functions: [(String, Pointwise)] = [
      ("gelu", .gelu), ("geluTanh", .geluTanh), ("hardtanh", .hardtanh),
      ("logSigmoid", .logSigmoid), ("relu", .relu), ("silu", .silu), ("softplus", .softplus),
      ("softsign", .softsign),
    ]
    for (name, function) in functions {
      add("Pointwise.\(name)") { $0.use(differentiable: function($0.tensor(Float.self))) }
    }
    add("checkGradient(at:order:step:tolerance:of:)") { draw in
      // A finite difference for each element, so only few elements.
      let point = draw.tensor(Double.self)
      guard point.count < 100 else { return }
      _ = checkGradient(
        at: [point], order: draw.bool() ? draw.one(of: [1, 2]) : draw.int(), step: draw.number(),
        tolerance: draw.number()
      ) { $0[0].square() }
    }
  }

  func addPlainCalls() {
    add("Shape.init(_:)") { draw in _ = Shape(draw.ints(12)).elementCount }
    add("Shape.init(arrayLiteral:)") { draw in
      let extent = draw.int()
      let shape: Shape = [extent, extent, extent, 1, 1, 1, 1, 1, 1, extent]
      draw.use(Tensor<Float>.zeros(shape))
    }
    add("Shape.subscript(_:)") { draw in
      var shape = draw.tensor(Float.self).shape
      let axis = draw.int()
      shape[axis] = draw.int()
      _ = shape[axis]
    }
    add("Shape.==(_:_:)") { _ = $0.shape() == $0.shape() }
    add("Shape.hash(into:)") { _ = $0.shape().hashValue }
    add("Shape.description") { _ = $0.shape().description }
    add("Shape.elementCount") { _ = $0.shape().elementCount }
    add("Shape.rank") { _ = $0.shape().rank }
    add("Shape.startIndex") { _ = $0.shape().startIndex }
    add("Shape.endIndex") { _ = $0.shape().endIndex }
    func generator(_ draw: inout Draw) -> Generator {
      Generator(seed: draw.word(), algorithm: draw.one(of: Generator.Algorithm.allCases))
    }
    add("Generator.init(seed:algorithm:)") { _ = generator(&$0).next32() }
    add("Generator.state") { draw in
      let other = generator(&draw)
      other.state = generator(&draw).state
    }
    add("Generator.manualSeed(_:)") { Generator(seed: 1).manualSeed($0.word()) }
    add("Generator.copy()") { _ = Generator(seed: $0.word()).copy().next32() }
    add("Generator.next32()") { _ = Generator(seed: $0.word()).next32() }
    add("Generator.next64()") { _ = Generator(seed: $0.word()).next64() }
    add("Generator.seed") { _ = Generator(seed: $0.word()).seed }
    add("manualSeed(_:)") { manualSeed($0.word()) }
    add("Device.init(named:)") { draw in
      let name = draw.one(of: [
        "cpu", "auto", "", "opencl", "opencl:", "opencl:-1:0", "opencl:0:-1",
        "opencl:9223372036854775807:0", "opencl:99999999999999999999:0", "opencl:0:0:x",
        "opencl:0:0:wide", "opencl:0:9", "opencl:7:0", "gpu\0", "é", "opencl:0:0:simt:1",
      ])
      _ = try? Device(named: name)
    }
    add("Device.opencl(platform:device:)") { draw in
      _ = try? Device.opencl(platform: draw.int(), device: draw.int())
    }
    add("Device.isName(_:)") { _ = Device.isName($0.one(of: ["cpu", "opencl:1:2", "x", ""])) }
    add("Device.hash(into:)") { _ = $0.tensors.device.hashValue }
    add("Device.==(_:_:)") { _ = $0.tensors.device == .cpu }
    add("Device.description") { _ = $0.tensors.device.description }
    add("Device.dtypes") { _ = $0.tensors.device.dtypes.count }
    add("Device.statistics") { _ = $0.tensors.device.statistics }
    add("Device.memoryStatistics") { _ in _ = Device.memoryStatistics }
    let threads = Device.cpuThreadCount
    add("Device.cpuThreadCount") { draw in
      Device.cpuThreadCount = draw.int()
      _ = Tensor<Float>.ones([300, 300]).exp().sum().item()
      Device.cpuThreadCount = threads
    }
    add("Device.default") { _ in _ = Device.default }
    add("Device.synchronize()") { $0.tensors.device.synchronize() }
    add("Device.trim()") { $0.tensors.device.trim() }
    add("Device.trim()") { _ in Device.trim() }
    add("checked(_:)") { draw in
      draw.use(try checked { draw.tensor(Float.self) + draw.tensor(Float.self) })
    }
    add("noGrad(_:)") { draw in draw.use(noGrad { draw.tensor(Float.self).exp() }) }
    add("withDevice(_:_:)") { draw in
      let device = draw.bool() ? Device.cpu : draw.tensors.device
      draw.use(withDevice(device) { Tensor<Float>.zeros(draw.shape()) + draw.tensor(Float.self) })
    }
    add("Numerics.check(_:)") { draw in
      let tensor = draw.tensor(Float.self)
      _ = try? Numerics.check {
        draw.use(differentiable: tensor / draw.tensor(like: tensor))
        draw.use(draw.tensor(Int.self).sum())
        draw.use(matmul(tensor, draw.tensor(like: tensor)))
      }
    }
    let numbers: [(String, (BFloat16, BFloat16) -> Void)] = [
      ("<(_:_:)", { _ = $0 < $1 }), ("==(_:_:)", { _ = $0 == $1 }),
      ("hash(into:)", { _ = $0.hashValue &+ $1.hashValue }),
      ("description", { _ = $0.description + $1.description }),
      ("floatValue", { _ = $0.floatValue + $1.floatValue }),
      ("doubleValue", { _ = $0.doubleValue + $1.doubleValue }),
      ("computeBits", { _ = $0.computeBits &+ $1.computeBits }),
    ]
    for (name, function) in numbers {
      add("BFloat16.\(name)") { function($0.element(BFloat16.self), $0.element(BFloat16.self)) }
    }
    add("BFloat16.init(_:)") { _ = BFloat16($0.number()) }
    add("BFloat16.init(_:)") { _ = BFloat16(Float($0.number())) }
    add("BFloat16.init(_:)") { draw in
      _ = BFloat16(draw.one(of: ["", "1", "nan", "1e999", "0x", "é", "-inf"]))
    }
    add("BFloat16.init(bitPattern:)") { _ = BFloat16(bitPattern: UInt16($0.word() & 0xFFFF)) }
    add("BFloat16.init(clamping:)") { _ = BFloat16(clamping: $0.number()) }
    add("BFloat16.init(floatLiteral:)") { _ = BFloat16(floatLiteral: $0.number()) }
    add("BFloat16.init(integerLiteral:)") { _ = BFloat16(integerLiteral: $0.int()) }
    add("DType.init(rawValue:)") { _ = DType(rawValue: UInt8($0.word() & 0xFF))?.byteCount }
  }
}
