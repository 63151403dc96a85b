#if OpenCL
  import Glibc
  import TestSupport
  import Testing

  @testable import SlopeCore

  @Suite struct TuningStoreTests {
    private let folder: TemporaryFolder
    private let store: TuningStore
    private let backend: OpenCLBackend
    private let key: TuningKey

    init() throws {
      folder = try TemporaryFolder()
      store = TuningStore(PrivateFolder(folder.path + "/a/tuning"))
      let description = try #require(try Device.gpu.backend as? OpenCLBackend).device
      backend = try OpenCLBackend(description, variant: .wide)
      backend.matmulPlans.use(store)
      key = TuningKey(backend)
    }

    private func tuned(
      _ rows: Int, _ products: MatMulClass = .small, _ dtype: DType = .float32
    ) -> TunedPlan {
      TunedPlan(
        dtype, products, .wide(WideTiles(rows, 1)), gigaflops: 12.5, builtInGigaflops: 10,
        measured: "2026-01-31T12:00:00Z")
    }

    private func text() throws -> String {
      String(decoding: try readFile(store.path(key)), as: UTF8.self)
    }

    private func put(_ text: String) throws {
      let file = try #require(fopen(store.path(key), "w"))
      fputs(text, file)
      fclose(file)
    }

    // MARK: Files

    @Test func whatIsAddedIsRead() throws {
      #expect(store.plans(key) == [])
      try store.add(tuned(6), key)
      try store.add(tuned(8, .narrow), key)
      try store.add(tuned(10, .narrow, .bfloat16), key)
      // In place of the plan for the same products.
      try store.add(tuned(4), key)
      #expect(store.plans(key) == [tuned(10, .narrow, .bfloat16), tuned(8, .narrow), tuned(4)])
      var unmeasured = tuned(4)
      (unmeasured.gigaflops, unmeasured.builtInGigaflops) = (nil, nil)
      try store.add(unmeasured, key)
      #expect(store.plans(key).last == unmeasured)
    }

    @Test func theFileIsReadable() throws {
      try store.add(tuned(6), key)
      let text = try text()
      for part in [
        "\"format\" : \"slope-tuning\"", "\"version\" : 1", "\"dtype\" : \"float32\"",
        "\"products\" : \"small\"", "\"kernel\" : \"gemm_wide\"", "\"tileRows\" : 6",
        "\"gigaflops\" : 12.5", "\"builtInGigaflops\" : 10",
        "\"measured\" : \"2026-01-31T12:00:00Z\"",
        "\"name\" : \"\(key.name)\"", "\"driver\" : \"\(key.driver)\"",
        "\"checksum\" : \"\(key.checksum)\"", "\"kernels\" : \"wide\"",
      ] { #expect(text.contains(part), "\(part) in \(text)") }
      #expect(text.hasSuffix("}\n"))
    }

    @Test func anotherDeviceDriverFormOrKernelHasOtherPlans() throws {
      try store.add(tuned(6), key)
      let changes: [WritableKeyPath<TuningKey, String>] = [
        \.name, \.vendor, \.driver, \.platform, \.platformVersion, \.version, \.kernels,
      ]
      for change in changes {
        var other = key
        other[keyPath: change] += "x"
        #expect(other.fileName != key.fileName && store.plans(other) == [])
        // Nor under this key's name.
        try put(String(decoding: TuningFile(other, [tuned(6)]).bytes, as: UTF8.self))
        #expect(store.plans(key) == [])
      }
      // Kernels with other sources replace the file.
      var newer = key
      newer.checksum += "x"
      try store.add(tuned(6), key)
      #expect(newer.fileName == key.fileName && store.plans(newer) == [])
      try store.add(tuned(8, .large), newer)
      #expect(store.plans(newer) == [tuned(8, .large)] && store.plans(key) == [])
      #expect(TuningKey(try OpenCLBackend(backend.device, variant: .simt)).checksum != key.checksum)
    }

    @Test func damagedAndOldFilesAreNotUsed() throws {
      try store.add(tuned(6), key)
      let whole = try text()
      let texts = [
        "", "{", "null", "[]", String(whole.dropLast(10)), String(whole.dropFirst()),
        whole.replacing("slope-tuning", with: "other"),
        whole.replacing("\"version\" : 1", with: "\"version\" : 2"),
        whole.replacing("\"version\" : 1", with: "\"version\" : 0"),
        whole.replacing("\"plans\"", with: "\"plan\""),
        String(repeating: "[", count: 100_000), whole + whole,
      ]
      for text in texts {
        try put(text)
        #expect(store.plans(key) == [], "\(text.prefix(50))")
      }
      // A tuner rewrites it.
      try store.add(tuned(8), key)
      #expect(store.plans(key) == [tuned(8)])
      try put(whole)
      #expect(store.plans(key) == [tuned(6)])
      // A file larger than any tuner's is not even read.
      try put(whole + String(repeating: " ", count: 1 << 20))
      #expect(store.plans(key) == [])
    }

    @Test func entriesThatAreNoPlansAreLeftOut() throws {
      try store.add(tuned(6), key)
      try store.add(tuned(8, .large), key)
      let whole = try text()
      for (old, new) in [
        ("\"tileRows\" : 6", "\"tileRows\" : 1e99"), ("\"tileRows\" : 6", "\"tileRow\" : 6"),
        ("\"tileRows\" : 6", "\"tileRows\" : 6, \"more\" : 1"),
        ("\"products\" : \"small\"", "\"products\" : \"tiny\""),
      ] {
        try put(whole.replacing(old, with: new))
        #expect(store.plans(key) == [tuned(8, .large)], "\(new)")
      }
      try put(whole.replacing("float32", with: "float31"))
      #expect(store.plans(key) == [])
      try put(whole.replacing("gemm_wide", with: "gemm_matrix"))
      #expect(store.plans(key) == [])
    }

    @Test func aFileOrFolderOthersCouldWriteIsNotLookedAt() throws {
      try store.add(tuned(6), key)
      let path = store.path(key)
      var status = stat()
      #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
      #expect(stat(store.folder.path, &status) == 0 && status.st_mode & 0o777 == 0o700)
      #expect(chmod(path, 0o620) == 0 && store.plans(key) == [])
      #expect(chmod(path, 0o600) == 0 && store.plans(key) == [tuned(6)])
      #expect(chmod(store.folder.path, 0o770) == 0 && store.plans(key) == [])
      #expect(throws: PrivateFolderError.self) { try store.add(tuned(8), key) }
      #expect(chmod(store.folder.path, 0o700) == 0 && store.plans(key) == [tuned(6)])
      #expect(rename(path, path + "x") == 0 && symlink(path + "x", path) == 0)
      #expect(store.plans(key) == [])
      unlink(path)
      #expect(mkfifo(path, 0o600) == 0 && store.plans(key) == [])
    }

    @Test func aFolderThatCannotBeMadeIsAnErrorWithItsName() {
      let nowhere = TuningStore(PrivateFolder("/proc/nowhere"))
      #expect(nowhere.plans(key) == [])
      do {
        try nowhere.add(tuned(6), key)
        Issue.record("no error")
      } catch {
        #expect("\(error)" == "/proc/nowhere: cannot be written: No such file or directory")
      }
    }

    @Test func whatATunerLeftHalfWrittenHarmsNothing() throws {
      try store.add(tuned(6), key)
      let leftover = store.path(key) + ".1.1.tmp"
      #expect(rename(store.path(key), leftover) == 0 && store.plans(key) == [])
      try store.add(tuned(8), key)
      #expect(store.plans(key) == [tuned(8)] && access(leftover, F_OK) == 0)
      // It is removed when it is an hour old.
      var times = [timeval(tv_sec: 1000, tv_usec: 0), timeval(tv_sec: 1000, tv_usec: 0)]
      #expect(utimes(leftover, &times) == 0)
      try store.add(tuned(6), key)
      #expect(access(leftover, F_OK) != 0 && store.plans(key) == [tuned(6)])
    }

    @Test func manyWritersLeaveAWholeFile() async throws {
      let (store, key) = (store, key)
      let plans = [4, 6, 8, 10].map { tuned($0) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for plan in plans {
          group.addTask {
            for _ in 0..<10 {
              try store.add(plan, key)
              #expect(store.plans(key).count == 1)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(plans.contains(try #require(store.plans(key).first)))
    }

    // MARK: Devices

    private func multiply(_ rows: Int, _ columns: Int) -> [String] {
      withDevice(Device(backend)) {
        let product = matmul(Tensor<Float>.ones([rows, 9]), Tensor<Float>.ones([9, columns]))
        #expect(product.sum().item() == Float(rows * columns * 9))
      }
      return backend.matmulPlans.built
    }

    @Test func theBackendUsesTheStoredPlanOfTheClass() throws {
      try store.add(tuned(6), key)
      #expect(multiply(20, 20).last?.contains("#define MR 6\n#define NV 1\n") == true)
      #expect(multiply(20, 7).last?.contains("#define MR 14\n#define NV 1\n") == true)
      // Once loaded, a file is not read again.
      try store.add(tuned(8), key)
      #expect(multiply(30, 20).count == 2)
      backend.matmulPlans.use(store)
      #expect(multiply(20, 20).last?.contains("#define MR 8\n") == true)
    }

    @Test func withoutAFittingFileTheBuiltInPlanIsUsed() throws {
      let builtIn = "#define MR 12\n#define NV 2\n"
      #expect(multiply(20, 20).last?.contains(builtIn) == true)
      var other = key
      other.driver += "x"
      try store.add(tuned(6), other)
      #expect(rename(store.path(other), store.path(key)) == 0)
      backend.matmulPlans.use(store)
      #expect(multiply(20, 20).count == 1)
      // An entry edited beyond what the device can do.
      for tiles in [WideTiles(16, 8), WideTiles(12, 2, panelDepth: 1 << 40)] {
        var edited = tuned(6)
        edited.plan = .wide(tiles)
        try store.add(edited, key)
        backend.matmulPlans.use(store)
        #expect(multiply(20, 20).count == 1)
      }
      try store.add(tuned(6), key)
      backend.matmulPlans.use(nil)
      #expect(multiply(20, 20).count == 1)
    }

    @Test func theEnvironmentTurnsStoredPlansOff() async {
      await #expect(processExitsWith: .success) {
        func mode(_ value: String?) -> TuningMode? {
          if let value { setenv("SLOPE_TUNING", value, 1) } else { unsetenv("SLOPE_TUNING") }
          return TuningMode.current
        }
        setenv("XDG_CACHE_HOME", "/x", 1)
        guard mode(nil) == .auto, mode("") == .auto, mode("always") == .always, mode("on") == nil,
          TuningStore.standard?.folder.path == "/x/slope/tuning", mode("off") == .off,
          TuningStore.standard == nil
        else { exit(EXIT_FAILURE) }
        unsetenv("SLOPE_TUNING")
        setenv("XDG_CACHE_HOME", "x", 1)
        setenv("HOME", "/y", 1)
        guard TuningStore.standard?.folder.path == "/y/.cache/slope/tuning" else {
          exit(EXIT_FAILURE)
        }
        unsetenv("HOME")
        if TuningStore.standard != nil { exit(EXIT_FAILURE) }
      }
    }
  }
#endif
