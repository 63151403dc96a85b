internal import CKernels

extension CPUBackend {
  func scatterAddRows(_ source: Value, places: Value, into destination: Buffer, extent: Int) {
    source.withPointer { start in
      places.withPointer { places in
        destination.withPointer {
          slope_scatter_add_rows(
            source.dtype.kernelType, $0, start, places.assumingMemoryBound(to: Int64.self),
            Int64(source.shape[0]), Int64(source.shape[1]))
        }
      }
    }
  }

  func unfold(_ source: Value, _ windows: Windows, output: Buffer) {
    var kernelWindows = SlopeWindows(windows)
    source.withPointer { start in
      output.withPointer {
        slope_unfold(
          $0, start, Int32(source.dtype.byteCount), Int64(source.shape[0]), &kernelWindows)
      }
    }
  }

  func fold(_ source: Value, _ windows: Windows, output: Buffer) {
    var kernelWindows = SlopeWindows(windows)
    source.withPointer { start in
      output.withPointer {
        slope_fold(
          source.dtype.kernelType, false, $0, start, Int64(source.shape[0]), &kernelWindows)
      }
    }
  }

  func windowMaxima(
    _ source: Value, ranges: Value, count: Pair, dilation: Pair, output: Buffer
  ) {
    source.withPointer { start in
      ranges.withPointer { ranges in
        output.withPointer {
          slope_window_maxima(
            source.dtype.kernelType, $0.assumingMemoryBound(to: Int64.self), start,
            Int64(source.shape[0]), Int64(source.shape[1]), Int64(source.shape[2]),
            Int64(count.height), Int64(count.width), Int64(dilation.height),
            Int64(dilation.width), ranges.assumingMemoryBound(to: Int64.self))
        }
      }
    }
  }
}

extension SlopeWindows {
  /// The same windows for the kernels.
  init(_ windows: Windows) {
    self.init(
      height: Int64(windows.plane.height), width: Int64(windows.plane.width),
      rows: Int64(windows.count.height), columns: Int64(windows.count.width),
      kernelHeight: Int64(windows.kernel.height), kernelWidth: Int64(windows.kernel.width),
      strideY: Int64(windows.stride.height), strideX: Int64(windows.stride.width),
      dilationY: Int64(windows.dilation.height), dilationX: Int64(windows.dilation.width),
      top: Int64(windows.padding.height), left: Int64(windows.padding.width))
  }
}
