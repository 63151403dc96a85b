#if OpenCL
  internal import COpenCL

  /// The launches that a queue was given and may not have done yet: the host is not let far ahead.
  ///
  /// A driver keeps a kilobyte or so for each until it is done, and a program that never reads a result
  /// never waits. Every `interval` launches one has an event, and the host waits for the one that is
  /// `marks` of them back: the device still has all launches since then to go on with.
  struct OpenCLBacklog: ~Copyable {
    static let interval = 256
    static let marks = 4

    // Events of launches, oldest first; addresses, since pointers may not cross into a lock.
    private var events: [UInt] = []
    private var count = 0

    /// Whether the next launch is to have an event.
    var isMark: Bool { count + 1 >= Self.interval }

    /// Counts a launch, with its event where it has one; the event to wait for and to release, if any.
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
