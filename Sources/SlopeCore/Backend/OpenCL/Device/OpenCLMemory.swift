#if OpenCL
  internal import COpenCL

  /// Buffers of a context, as the source of a pool.
  struct OpenCLMemory: MemorySource, @unchecked Sendable {
    let functions: SlopeOpenCL
    let context: OpenCLHandle
    let queue: OpenCLHandle
    let largest: Int
    let budget: Int

    func take(_ byteCount: Int) -> UnsafeMutableRawPointer? {
      let isLimited = ProcessMemory.isLimited
      guard byteCount <= largest, !isLimited || ProcessMemory.holdsArray(byteCount) else {
        return nil
      }
      var code: Int32 = 0
      let buffer = functions.clCreateBuffer(
        context, UInt64(SLOPE_CL_MEM_READ_WRITE), byteCount, nil, &code)
      guard code == 0, let buffer else { return nil }
      guard isLimited else { return buffer }
      // On a device that is the processor this is the process' memory, which PoCL takes when the
      // buffer is first used, ending the process if there is none. So it is used now.
      fill(buffer, min(byteCount, 1))
      if !ProcessMemory.leavesReserve {
        giveBack(buffer)
        return nil
      }
      return buffer
    }

    func giveBack(_ handle: UnsafeMutableRawPointer) { _ = functions.clReleaseMemObject(handle) }

    func fill(_ handle: UnsafeMutableRawPointer, _ byteCount: Int) {
      guard byteCount > 0 else { return }
      var pattern: UInt8 = 0xFF
      _ = functions.clEnqueueFillBuffer(queue, handle, &pattern, 1, 0, byteCount, 0, nil, nil)
    }
  }
#endif
