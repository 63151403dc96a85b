/// Tensors with gradients, layers, optimisers and data: what users import.
@_exported import SlopeCore
@_exported import SlopeData
@_exported import SlopeNN
@_exported import SlopeOptimizers
@_exported import SlopeTabular
