#if OpenCL
  /// The order in which a tuner tries the plans of one class of products.
  ///
  /// The built-in plan comes first, then the seeds of the kernel, then the neighbours of the best
  /// plan so far, until no neighbour is better. No plan is tried twice.
  package struct MatMulSearch {
    package let builtIn: MatMulPlan
    private let dtype: DType
    private let limits: MatMulLimits
    private var waiting: [MatMulPlan]
    private var seen: Set<MatMulPlan>
    /// The plan whose neighbours were taken last.
    private var centre: MatMulPlan?
    private var rates: [(plan: MatMulPlan, rate: Double)] = []

    /// How much faster than the built-in plan another must be: less is noise.
    package static let margin = 1.05

    package init(_ products: MatMulClass, _ dtype: DType, _ limits: MatMulLimits) {
      builtIn = MatMulPlan.builtIn(products, dtype, limits)
      self.dtype = dtype
      self.limits = limits
      (waiting, seen) = ([builtIn], [builtIn])
      add(MatMulPlan.seeds(limits.variant))
    }

    private mutating func add(_ plans: [MatMulPlan]) {
      for plan in plans where plan.isValid(dtype, limits) && seen.insert(plan).inserted {
        waiting.append(plan)
      }
    }

    /// The plan to try next; nil if there is none left.
    package mutating func next() -> MatMulPlan? {
      if waiting.isEmpty, let best = best?.plan, best != centre {
        centre = best
        add(best.neighbours)
      }
      return waiting.isEmpty ? nil : waiting.removeFirst()
    }

    /// Notes the rate of a correct plan; a wrong plan is not noted.
    package mutating func note(_ plan: MatMulPlan, rate: Double) { rates.append((plan, rate)) }

    private var best: (plan: MatMulPlan, rate: Double)? {
      rates.max { $0.rate < $1.rate }
    }

    /// The plans faster than the built-in one, fastest first; all if that one has no rate.
    package func finalists(_ count: Int) -> [MatMulPlan] {
      let bar = rates.first { $0.plan == builtIn }?.rate ?? 0
      let better = rates.filter { $0.plan != builtIn && $0.rate >= bar * Self.margin }
      return better.sorted { $0.rate > $1.rate }.prefix(count).map(\.plan)
    }
  }
#endif
