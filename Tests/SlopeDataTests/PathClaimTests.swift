import Glibc
import TestSupport
import Testing

@testable import SlopeData

/// Claims on files, which one process has at a time.
struct PathClaimTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func claim(_ name: String) throws -> PathClaim? {
    PathClaim(try FilePlace(following: folder.file(name)))
  }

  @Test func aFileIsClaimedOnce() throws {
    var first = try claim("a")
    #expect(first != nil)
    #expect(try claim("a") == nil && claim("./a") == nil)
    let other = try claim("b")
    #expect(other != nil)
    // A link leads to the same file.
    #expect(symlink("a", folder.file("link")) == 0)
    #expect(try claim("link") == nil)
    first = nil
    var second = try claim("link")
    for _ in 0..<1000 where second == nil { second = try claim("link") }
    #expect(second != nil)
    #expect(try claim("a") == nil)
    withExtendedLifetime((first, other, second)) {}
  }

  @Test func nothingIsOnTheDisk() throws {
    let claim = try claim("a")
    #expect(claim != nil && folder.names.isEmpty)
    withExtendedLifetime(claim) {}
  }

  @Test func whatIsNoFileIsNotClaimed() throws {
    for place in [FilePlace.descriptor(1), .kernelLink("/x")] {
      let claims = [PathClaim(place), PathClaim(place)]
      #expect(claims.allSatisfy { $0 != nil })
    }
  }

  @Test func claimsThatAreOverAreClosed() throws {
    // A process that another test starts has them for a moment.
    var count = 0
    for _ in 0..<3000 where try claim("a") != nil { count += 1 }
    #expect(count > 1000)
  }
}
