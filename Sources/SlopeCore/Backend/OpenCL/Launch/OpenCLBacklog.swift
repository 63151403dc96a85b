#if OpenCL
  internal import COpenCL

  /// The launches of a queue that may be pending: a limit on how far the host is ahead of the
  /// device.
  ///
  /// A driver keeps about a kilobyte for each until it is complete, and a program that never
  /// reads a result never waits. Every `interval` launches one has an event, and the host waits
  /// for the event `marks` before the newest: the device still has all launches since then.
  struct OpenCLBacklog: ~Copyable {
    static let interval = 256
    static let marks = 4

    // Events of launches, oldest first; addresses, since pointers may not cross into a lock.
    private var events: [UInt] = []
    private var count = 0

    /// Whether the next launch has an event.
    var isMark: Bool { count + 1 >= Self.interval }

    /// Counts a launch, with its event if it has one. Returns the event to wait for and to
    /// release, if any.
    mutating func add(_ event: OpenCLHandle?) -> UInt? {
      count += 1
      guard let event else { return nil }
      count = 0
      events.append(UInt(bitPattern: event))
      return events.count > Self.marks ? events.removeFirst() : nil
    }

    /// Releases all events; nothing is waited for.
    mutating func close(_ functions: SlopeOpenCL) {
      for event in events {
        if let event = OpenCLHandle(bitPattern: event) { _ = functions.clReleaseEvent(event) }
      }
      events = []
    }
  }
#endif
