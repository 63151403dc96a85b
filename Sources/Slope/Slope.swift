/// The module that users import: tensors with gradients, layers, optimisers, data, metrics,
/// models of tables, charts and reports.
@_exported import SlopeCore
@_exported import SlopeData
@_exported import SlopeNN
@_exported import SlopeOptimizers
@_exported import SlopePlot
@_exported import SlopeReport
@_exported import SlopeTabular
@_exported import SlopeTraining
