#if OpenCL
  import Synchronization

  /// The OpenCL devices that this process has opened, by name.
  private let opened = Mutex<[String: Result<OpenCLBackend, OpenCLError>]>([:])

  /// All OpenCL devices, as they were when the process first listed them.
  private let listing: Result<OpenCLDescription.Listing, OpenCLError> = {
    do throws(OpenCLError) { return .success(try OpenCLDescription.listing()) } catch {
      return .failure(error)
    }
  }()

  extension Device {
    /// Every OpenCL device of the machine, usable or not, and what hindered the search for more; or
    /// why no search was possible.
    package static var openCLListing: Result<OpenCLDescription.Listing, OpenCLError> { listing }

    private static func open(
      _ description: OpenCLDescription, variant: KernelVariant? = nil
    ) throws(OpenCLError) -> Device {
      let name = description.identifier + (variant.map { ":\($0)" } ?? "")
      let result = opened.withLock { opened in
        if let known = opened[name] { return known }
        let result = Result { () throws(OpenCLError) in
          try OpenCLBackend(description, variant: variant)
        }
        opened[name] = result
        return result
      }
      return Device(try result.get())
    }

    static var openCLDevices: [Device] {
      let usable = ((try? listing.get())?.devices ?? []).filter { $0.obstacle == nil }
      return usable.compactMap { try? open($0) }
    }

    /// Why there is no usable device.
    private static func absence(_ listing: OpenCLDescription.Listing) -> String {
      let obstacles = listing.devices.compactMap { device in
        device.obstacle.map { "\(device.identifier) (\(device.name)) cannot be used: \($0)" }
      }
      return (obstacles + (listing.problem.map { [$0] } ?? [])).joined(separator: "; ")
    }

    static func bestOpenCLDevice() throws(DeviceError) -> Device {
      do throws(OpenCLError) {
        let listing = try listing.get()
        let usable = listing.devices.filter { $0.obstacle == nil }
        let best = usable.max {
          ($0.isGPU ? 1 : 0, $0.computeUnits * $0.clockMegahertz, $0.globalByteCount)
            < ($1.isGPU ? 1 : 0, $1.computeUnits * $1.clockMegahertz, $1.globalByteCount)
        }
        guard let best else { throw OpenCLError("find a device", absence(listing)) }
        return try open(best)
      } catch {
        throw DeviceError("gpu", error.message)
      }
    }

    static func opencl(
      platform: Int, device: Int, variant: String?
    ) throws(DeviceError) -> Device {
      let name = "opencl:\(platform):\(device)"
      do throws(OpenCLError) {
        let listing = try listing.get()
        let all = listing.devices
        guard
          let found = all.first(where: {
            $0.platformIndex == platform && $0.deviceIndex == device
          })
        else {
          let others =
            all.isEmpty
            ? absence(listing) : "there are " + all.map(\.identifier).joined(separator: ", ")
          throw OpenCLError("find it", others)
        }
        guard let variant else { return try open(found) }
        guard let kernels = KernelVariant(rawValue: variant) else {
          throw OpenCLError("find it", "kernels have the variants wide and simt, not \(variant)")
        }
        return try open(found, variant: kernels)
      } catch {
        throw DeviceError(name, error.message)
      }
    }
  }

  extension OpenCLProbe {
    /// Creates a probe of an OpenCL device; nil for another device.
    package convenience init?(_ device: Device) {
      guard let backend = device.backend as? OpenCLBackend else { return nil }
      self.init(backend)
    }
  }
#else
  extension Device {
    private static let none =
      "this program was built without OpenCL (the package's trait OpenCL is off)"

    static var openCLDevices: [Device] { [] }

    static func bestOpenCLDevice() throws(DeviceError) -> Device {
      throw DeviceError("gpu", none)
    }

    static func opencl(
      platform: Int, device: Int, variant: String?
    ) throws(DeviceError) -> Device {
      throw DeviceError("opencl:\(platform):\(device)", none)
    }
  }
#endif
