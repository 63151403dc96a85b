#if OpenCL
  internal import COpenCL

  /// The launches that a queue may not have finished yet; bounds how far the host is ahead.
  ///
  /// A driver keeps about a kilobyte for each until it is done, and a program that never reads a
  /// result never waits. Every `interval`-th launch has an event, and the host waits for the one
  /// `marks` events back: the device still has all launches since then to work on.
  struct OpenCLBacklog: ~Copyable {
    static let interval = 256
    static let marks = 4

    // Events of launches, oldest first; addresses, since pointers may not cross into a lock.
    private var events: [UInt] = []
    private var count = 0

    /// Whether the next launch gets an event.
    var isMark: Bool { count + 1 >= Self.interval }

    /// Counts a launch, and stores its event, if any; returns the event to wait for and to release.
    mutating func add(_ event: OpenCLHandle?) -> UInt? {
      count += 1
      guard let event else { return nil }
      count = 0
      events.append(UInt(bitPattern: event))
      return events.count > Self.marks ? events.removeFirst() : nil
    }

    /// Releases all events without waiting.
    mutating func close(_ functions: SlopeOpenCL) {
      for event in events {
        if let event = OpenCLHandle(bitPattern: event) { _ = functions.clReleaseEvent(event) }
      }
      events = []
    }
  }
#endif
