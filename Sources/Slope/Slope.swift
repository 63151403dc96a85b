/// The module that users import: tensors with gradients, layers, optimisers, data, metrics and
/// models of tables.
@_exported import SlopeCore
@_exported import SlopeData
@_exported import SlopeNN
@_exported import SlopeOptimizers
@_exported import SlopeTabular
@_exported import SlopeTraining
