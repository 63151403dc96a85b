extension Tensor where Element: FloatingElement {
  /// The elements truncated toward zero to integers; out of range, the result of x86 processors and
  /// PyTorch.
  ///
  /// NaN and numbers that `Int32` cannot represent become its least number, of which integers with
  /// fewer bits keep the low ones (300.7 is 44 as `UInt8`, 1e10 is 0). For 64 bits that least
  /// number is `Int64`'s; `UInt64` is right up to 2⁶⁴ and 0 from there on; `UInt32` has the low
  /// bits of `Int64`'s result. `cast(to:)` saturates instead. Both give the same on every machine.
  /// Complexity: O(n).
  public func wrappingCast<Target: IntegerElement>(to target: Target.Type) -> Tensor<Target> {
    switch Target.dtype {
    case .int64: return signed(bits: 64).cast(to: target)
    case .uint32: return signed(bits: 64).cast(to: Int64.self).cast(to: target)
    case .uint64:
      let low = signed(bits: 64).cast(to: Int64.self).cast(to: target)
      let isLarge = self .>= Element(0x1p63)
      let large = maskedFill(self .>= Element(0x1p64), with: 0).cast(to: target)
      return Tensor<Target>.where(isLarge, large, low)
    default: return signed(bits: 32).cast(to: Int32.self).cast(to: target)
    }
  }

  /// Replaces NaN and numbers that are too large by −∞, which saturates to the least number.
  private func signed(bits: Int) -> Tensor {
    maskedFill(
      (self .< Element(bits == 64 ? 0x1p63 : 0x1p31)).logicalNot(), with: Element(-.infinity))
  }
}

extension Tensor where Element: IntegerElement {
  /// The low bits of the elements, as `cast(to:)` gives them.
  public func wrappingCast<Target: IntegerElement>(to target: Target.Type) -> Tensor<Target> {
    cast(to: target)
  }
}
