#if OpenCL
  import SlopeCore

  /// The machine's best OpenCL device, with its preferred form of kernels and with each form
  /// forced.
  enum OpenCLTestDevices {
    static let best = Result { try Device.gpu }
    static let names = ["gpu", "opencl:0:0:wide", "opencl:0:0:simt"]
  }
#endif
