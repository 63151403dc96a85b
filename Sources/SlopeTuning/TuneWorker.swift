#if OpenCL
  import Glibc
  package import SlopeCore

  /// The process in which plans are tried.
  ///
  /// It reads requests from its standard input, a socket, and writes its answers to it.
  package struct TuneWorker {
    private let device: String
    private let dtype: DType

    package init(device: String, dtype: DType) {
      self.device = device
      self.dtype = dtype
    }

    /// Answers requests until there are no more.
    package func run() throws {
      endWithParent()
      guard let backend = try Device(named: device).backend as? OpenCLBackend else {
        throw DeviceError(device, "it has nothing to tune")
      }
      let sabotage = Sabotage()
      let trial = try MatMulTrial(backend.device, backend.variant, dtype) { bytes in
        // The first element: the guard after the last one is not part of the result.
        if sabotage.isOn { bytes[dtype.byteCount - 1] ^= 1 }
      }
      while let line = readLine() {
        let request = try TuneRequest(jsonLine: line)
        switch request.fault {
        case .hang, .stall: while true { sleep(1000) }
        case .crash: abort()
        default: sabotage.isOn = request.fault == .wrong
        }
        var reply = TuneReply()
        do {
          reply.rate = try trial.measure(
            request.plan, against: request.baseline, request.products,
            isThorough: request.isThorough, seconds: request.seconds)
        } catch {
          reply.problem = "\(error)".split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        }
        let text = Array((try reply.jsonLine() + "\n").utf8)
        guard send(STDIN_FILENO, text, text.count, Int32(MSG_NOSIGNAL)) == text.count
        else { return }
      }
    }

    private final class Sabotage {
      var isOn = false
    }

    /// Ends this process when the other end of the socket is closed, even if a driver hangs.
    private func endWithParent() {
      var thread = pthread_t()
      pthread_create(
        &thread, nil,
        { _ in
          while true {
            var event = pollfd(fd: STDIN_FILENO, events: 0, revents: 0)
            if poll(&event, 1, -1) > 0 { _exit(1) }
          }
        }, nil)
    }
  }
#endif
