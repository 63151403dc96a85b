#if OpenCL
  import Glibc

  /// The installed drivers: files that name them for the loader.
  ///
  /// They tell why there is no device, where the loader only says that there is none.
  enum OpenCLDrivers {
    /// What to do if there is no driver.
    static let advice = "on Debian: apt-get install pocl-opencl-icd, or your GPU's driver"

    /// Where the loader looks: what OCL_ICD_VENDORS names, else /etc/OpenCL/vendors.
    static var place: String {
      let named = getenv("OCL_ICD_VENDORS").map { String(cString: $0) } ?? ""
      return named.isEmpty ? "/etc/OpenCL/vendors" : named
    }

    /// Why no platform has a device.
    ///
    /// `place` is a folder of driver files, or one of the files; `platforms` are the names of those
    /// that were found.
    static func absence(in place: String, platforms: [String]) -> String {
      if !platforms.isEmpty { return platforms.map(silence).joined(separator: "; ") }
      let files =
        place.hasSuffix(".icd")
        ? [place]
        : folderEntries(place).filter { $0.hasSuffix(".icd") }.sorted().map { "\(place)/\($0)" }
      if files.isEmpty { return "no OpenCL driver is installed; \(advice)" }
      return files.map(problem).joined(separator: "; ")
    }

    /// What is wrong with a platform that has no device.
    static func silence(_ platform: String) -> String {
      let text = "the OpenCL platform \(platform) is installed and shows no device"
      // It looks for devices only if it has a folder for what it compiles.
      guard platform == "Portable Computing Language" else { return text }
      return text
        + ": it needs a folder for its cache that can be written, in $POCL_CACHE_DIR, "
        + "$XDG_CACHE_HOME or $HOME"
    }

    /// What is wrong with a driver for which the loader shows no platform.
    private static func problem(_ file: String) -> String {
      guard let text = systemFile(file) else {
        return "\(file), which names a driver, cannot be read"
      }
      let line = text.split(whereSeparator: \.isNewline).first ?? ""
      let library = line.drop { $0 == " " }.prefix { $0 != " " }
      guard !library.isEmpty else { return "\(file) names no OpenCL driver" }
      guard dlopen(String(library), RTLD_NOW | RTLD_LOCAL) != nil else {
        let reason = dlerror().map { String(cString: $0) } ?? "it cannot be opened"
        return "the OpenCL driver of \(file) cannot be loaded: \(reason)"
      }
      return "the OpenCL driver \(library) (\(file)) is installed and cannot start"
    }
  }
#endif
