using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Theory.SoftQ;

namespace Goodhart.Steps.Measuring;

/// <summary>An evaluated checkpoint and what it bootstraps on.</summary>
public sealed record BootstrappedPoint(CheckpointPoint Point, BootstrappedShare Share);
