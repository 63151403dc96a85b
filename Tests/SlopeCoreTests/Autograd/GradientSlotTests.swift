import TestSupport
import Testing

@testable import SlopeCore

@Suite struct GradientSlotTests {
  @Test func sharesAddUp() {
    let slot = GradientSlot()
    #expect(slot.value == nil)
    slot.add(Tensor<Float>([1, 2]).value)
    slot.add(Tensor<Float>([3, 4]).value)
    #expect(slot.value.map { Tensor<Float>($0).scalars } == [4, 6])
    slot.value = nil
    #expect(slot.value == nil)
  }

  @Test func aFailedShareChangesNothing() {
    let slot = GradientSlot()
    slot.add(.failed(.float32))
    #expect(slot.value == nil)
    slot.add(Tensor<Float>([1, 2]).value)
    slot.add(.failed(.float32))
    #expect(slot.value.map { Tensor<Float>($0).scalars } == [1, 2])
  }

  @Test func aSumThatFailsChangesNothing() {
    let scarce = ScarceBackend()
    let slot = GradientSlot()
    let share = Tensor<Float>([1, 2]).to(scarce.device).value
    slot.add(share)
    scarce.limitAllocations(to: 0)
    #expect(failure { slot.add(share) } == "add: no memory for [2] of float32 on scarce")
    #expect(slot.value === share)
    let other = Tensor<Float>([1, 2]).to(Device(ReferenceBackend.shared)).value
    #expect(failure { slot.add(other) } == "add: operands on scarce and reference")
    #expect(slot.value === share)
    scarce.limitAllocations(to: nil)
    slot.add(share)
    #expect(slot.value.map { Tensor<Float>($0).scalars } == [2, 4])
  }

  /// The pass fails, and the gradients of earlier passes are what they were.
  @Test func aBackwardPassThatFailsKeepsEarlierGradients() {
    let scarce = ScarceBackend()
    let parameter = Parameter(Tensor<Float>([1, 2]).to(scarce.device))
    (parameter.tensor * 2).sum().backward()
    for limit in 0..<20 {
      let loss = (parameter.tensor * parameter.tensor).sum()
      scarce.limitAllocations(to: limit)
      let message = failure { loss.backward() }
      scarce.limitAllocations(to: nil)
      guard message != nil else {
        #expect(limit > 1 && parameter.grad?.scalars == [4, 6])
        return
      }
      #expect(parameter.grad?.scalars == [2, 2], "\(limit) allocations")
    }
    Issue.record("twenty allocations are not enough")
  }
}
