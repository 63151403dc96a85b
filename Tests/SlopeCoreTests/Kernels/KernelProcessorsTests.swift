import CKernels
import Glibc
import TestSupport
import Testing

/// The quotas of control groups, read from directory trees like the system's.
@Suite struct KernelProcessorsTests {
  /// The processors of a directory tree's quota; nil for no quota.
  private func quota(_ files: [String: String]) throws -> Int? {
    let folder = try TemporaryFolder()
    for (name, text) in files {
      var path = folder.path
      for part in name.split(separator: "/").dropLast() {
        path += "/" + part
        mkdir(path, 0o700)
      }
      try folder.write(text, to: name)
    }
    let count = slope_quota_count(folder.path)
    return count == Int32.max ? nil : Int(count)
  }

  private let mount2 =
    "24 1 0:22 / /proc rw - proc proc rw\n"
    + "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 master:2 - cgroup2 cgroup2 rw,nsdelegate\n"
  private let mounts1 =
    "30 23 0:27 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n"
    + "32 31 0:29 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
    + "33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw shared:15 - cgroup cgroup rw,cpu,cpuacct\n"

  @Test(
    arguments: [
      ("200000 100000\n", 2), ("100000 100000", 1), ("150000 100000", 2), ("200001 100000", 3),
      ("1000 100000", 1), ("50000 25000", 2), ("6400000 100000", 64), ("max 100000\n", nil),
      ("", nil), ("200000\n", nil), ("0 100000", nil), ("-1 100000", nil), ("200000 0", nil),
      ("9000000000000000000 1", nil),
    ] as [(String, Int?)])
  func theQuotaOfTheOwnGroupIsRoundedUp(text: String, expected: Int?) throws {
    #expect(
      try quota([
        "proc/self/cgroup": "0::/group/mine\n", "proc/self/mountinfo": mount2,
        "sys/fs/cgroup/group/mine/cpu.max": text,
      ]) == expected)
  }

  @Test(
    arguments: [
      ("400000 100000", "300000 100000", "500000 100000", 3),
      ("200000 100000", "max 100000", "max 100000", 2),
      ("max 100000", "max 100000", "700000 100000", 7),
      ("max 100000", "max 100000", "max 100000", nil),
    ] as [(String, String, String, Int?)])
  func theLeastOfAllGroupsAroundCounts(top: String, middle: String, own: String, expected: Int?)
    throws
  {
    #expect(
      try quota([
        "proc/self/cgroup": "0::/a/b\n", "proc/self/mountinfo": mount2,
        "sys/fs/cgroup/cpu.max": top, "sys/fs/cgroup/a/cpu.max": middle,
        "sys/fs/cgroup/a/b/cpu.max": own,
        // Outside of the mounted part, and another group.
        "sys/fs/cpu.max": "100000 100000", "sys/fs/cgroup/a/b/c/cpu.max": "100000 100000",
      ]) == expected)
  }

  @Test func aGroupWithoutAFileDoesNotHideThoseAround() throws {
    #expect(
      try quota([
        "proc/self/cgroup": "0::/a/b\n", "proc/self/mountinfo": mount2,
        "sys/fs/cgroup/a/cpu.max": "200000 100000",
      ]) == 2)
  }

  @Test func aContainerSeesItsGroupAsTheRoot() throws {
    // With a separate namespace.
    #expect(
      try quota([
        "proc/self/cgroup": "0::/\n", "proc/self/mountinfo": mount2,
        "sys/fs/cgroup/cpu.max": "200000 100000",
      ]) == 2)
    // Without one: the mounted part begins at the container's group.
    let mount = "31 23 0:28 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup2 rw\n"
    #expect(
      try quota([
        "proc/self/cgroup": "0::/docker/abc/job\n", "proc/self/mountinfo": mount,
        "sys/fs/cgroup/cpu.max": "500000 100000", "sys/fs/cgroup/job/cpu.max": "400000 100000",
        "sys/fs/cgroup/docker/abc/job/cpu.max": "100000 100000",
      ]) == 4)
    // A group outside the mounted part, and one above the root of the namespace: the mounted part
    // only.
    for group in ["/docker/abcdef", "/other", "/../outside"] {
      let mounts = group == "/../outside" ? mount2 : mount
      #expect(
        try quota([
          "proc/self/cgroup": "0::\(group)\n", "proc/self/mountinfo": mounts,
          "sys/fs/cgroup/cpu.max": "300000 100000",
          "sys/fs/outside/cpu.max": "100000 100000", "sys/fs/cgroupdef/cpu.max": "100000 100000",
          "sys/fs/cgroup/other/cpu.max": "100000 100000",
        ]) == 3, "\(group)")
    }
  }

  @Test func placesMayHaveSpaces() throws {
    #expect(
      try quota([
        "proc/self/cgroup": "0::/my group\n",
        "proc/self/mountinfo":
          "31 23 0:28 / /sys/control\\040groups\\134x rw - cgroup2 cgroup2 rw\n",
        "sys/control groups\\x/my group/cpu.max": "300000 100000",
      ]) == 3)
  }

  @Test func quotasOfVersionOne() throws {
    func version1(_ quota: String, _ period: String, above: String = "-1") throws -> Int? {
      try self.quota([
        "proc/self/cgroup": "9:name=systemd:/x\n4:cpuset:/y\n3:cpu,cpuacct:/group\n0::/\n",
        "proc/self/mountinfo": mounts1,
        "sys/fs/cgroup/cpu,cpuacct/group/cpu.cfs_quota_us": quota,
        "sys/fs/cgroup/cpu,cpuacct/group/cpu.cfs_period_us": period,
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": above,
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "50000\n",
        "sys/fs/cgroup/cpuset/y/cpu.cfs_quota_us": "1",
        "sys/fs/cgroup/cpuset/y/cpu.cfs_period_us": "100000",
      ])
    }
    #expect(try version1("200000\n", "100000\n") == 2)
    #expect(try version1("250000\n", "100000\n") == 3)
    #expect(try version1("-1\n", "100000\n") == nil)
    #expect(try version1("200000\n", "") == nil)
    #expect(try version1("600000\n", "100000\n", above: "200000") == 4)
  }

  @Test func bothVersionsCount() throws {
    func both(_ first: String, _ second: String) throws -> Int? {
      try quota([
        "proc/self/cgroup": "1:cpu:/\n0::/\n",
        "proc/self/mountinfo": "32 31 0:29 / /v1 rw - cgroup cgroup rw,cpu\n"
          + "41 31 0:38 / /v2 rw - cgroup2 cgroup2 rw\n",
        "v1/cpu.cfs_quota_us": first, "v1/cpu.cfs_period_us": "100000",
        "v2/cpu.max": second,
      ])
    }
    #expect(try both("300000", "200000 100000") == 2)
    #expect(try both("300000", "400000 100000") == 3)
    #expect(try both("-1", "400000 100000") == 4)
  }

  @Test(arguments: [
    ["proc/self/cgroup": "0::/a\n"], ["proc/self/mountinfo": "31 23 0:28 / /c rw - cgroup2 x rw\n"],
    ["proc/self/cgroup": "0::/a\n", "proc/self/mountinfo": "31 23 0:28 / /c rw cgroup2 x rw\n"],
    [
      "proc/self/cgroup": "no colons\n:\n::\n",
      "proc/self/mountinfo": " - \n - cgroup2\n31 - cgroup2 x rw\n",
    ],
    [:],
  ])
  func whatCannotBeReadIsNoQuota(files: [String: String]) throws {
    #expect(try quota(files.merging(["c/cpu.max": "100000 100000"]) { $1 }) == nil)
  }

  @Test func theProcessHasProcessors() {
    #expect(slope_processor_count() >= 1)
    #expect(slope_processor_count() <= slope_quota_count(""))
  }
}
