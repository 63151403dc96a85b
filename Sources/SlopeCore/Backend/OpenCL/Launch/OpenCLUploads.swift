#if OpenCL
  internal import COpenCL
  import Glibc
  import Synchronization

  /// Host memory that pending writes to a device still read, oldest first.
  final class OpenCLUploads: Sendable {
    private struct Pending: @unchecked Sendable {
      let event: OpenCLHandle
      let memory: UnsafeMutableRawPointer
      let byteCount: Int
    }

    private struct State {
      var list: [Pending] = []
      var byteCount = 0
    }

    private let functions: SlopeOpenCL
    private let state = Mutex(State())

    /// The limits of pending writes, in bytes and in number: more than a training step has, and
    /// little for a machine.
    static let largestByteCount = 256 << 20
    static let largestCount = 1024

    init(_ functions: SlopeOpenCL) { self.functions = functions }

    /// Takes memory that is freed when a write is complete.
    func add(_ memory: UnsafeMutableRawPointer, _ byteCount: Int, until event: OpenCLHandle) {
      state.withLock {
        $0.list.append(Pending(event: event, memory: memory, byteCount: byteCount))
        $0.byteCount += byteCount
      }
    }

    /// Frees the memory of completed writes.
    func reap() { _ = makeRoom(0) }

    /// Frees the memory of completed writes, and waits for the oldest pending ones until there is
    /// room for `byteCount` more bytes. Returns whether it waited, and an error code.
    func makeRoom(_ byteCount: Int) -> (hasWaited: Bool, code: Int32) {
      var result: (hasWaited: Bool, code: Int32) = (false, 0)
      state.withLock { state in
        var done = 0
        for pending in state.list {
          var status: Int32 = 1
          _ = functions.clGetEventInfo(
            pending.event, UInt32(SLOPE_CL_EVENT_COMMAND_EXECUTION_STATUS),
            MemoryLayout<Int32>.size, &status, nil)
          // Negative: the write failed, and reads no more.
          if status > 0 {
            let isRoom =
              byteCount == 0
              || state.byteCount <= Self.largestByteCount - min(byteCount, Self.largestByteCount)
                && state.list.count - done < Self.largestCount
            if isRoom { break }
            var event: OpenCLHandle? = pending.event
            result.hasWaited = true
            let code = functions.clWaitForEvents(1, &event)
            if code != 0 {
              // It may still be read.
              result.code = code
              break
            }
          }
          _ = functions.clReleaseEvent(pending.event)
          free(pending.memory)
          state.byteCount -= pending.byteCount
          done += 1
        }
        state.list.removeFirst(done)
      }
      return result
    }

    /// Frees everything; the device must have finished.
    func close() {
      state.withLock { state in
        for pending in state.list {
          _ = functions.clReleaseEvent(pending.event)
          free(pending.memory)
        }
        state = State()
      }
    }
  }

  extension OpenCLBackend {
    /// Copies the source, so that the caller need not wait until the device has read it.
    package func upload(_ source: UnsafeRawBufferPointer, to destination: Buffer) {
      guard let base = source.baseAddress, source.count > 0 else { return }
      count {
        $0.uploads += 1
        $0.uploadedBytes += source.count
      }
      let room = uploads.makeRoom(source.count)
      if room.hasWaited { count { $0.waits += 1 } }
      guard room.code == 0, let copy = malloc(source.count) else {
        // Without memory for a copy the caller's memory is read, and the write waited for.
        let code = withRoom {
          functions.clEnqueueWriteBuffer(
            queue, destination.memoryObject, 1, 0, source.count, base, 0, nil, nil)
        }
        return check(code, "upload")
      }
      memcpy(copy, base, source.count)
      var event: OpenCLHandle?
      let code = withRoom {
        functions.clEnqueueWriteBuffer(
          queue, destination.memoryObject, 0, 0, source.count, copy, 0, nil, &event)
      }
      guard code == 0, let event else {
        free(copy)
        return check(code, "upload")
      }
      uploads.add(copy, source.count, until: event)
    }
  }
#endif
