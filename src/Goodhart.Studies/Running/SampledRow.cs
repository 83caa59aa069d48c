using Goodhart.Evaluation.Points;
using Goodhart.Steps.Describing;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;

namespace Goodhart.Studies.Running;

/// <summary>A checkpoint, or a pool for best-of-n, whose samples lie in a file: a row of responses.csv and winrates.csv.</summary>
internal sealed record SampledRow(
    string Model, string Loss, double? Beta, int Seed, double Fraction, int Update, MeasureCheckpoint Measured, JudgeCheckpoint? Judged)
{
    /// <summary>What a pool stands under: its own win rate is that of one sample, not of the best.</summary>
    private const string Pool = RlhfMethods.BestOfN + " pool";

    public static SampledRow Of(DescribeCheckpoint checkpoint) => new(
        checkpoint.ModelName, checkpoint.Loss, checkpoint.Beta, checkpoint.AlignmentSeed, checkpoint.Fraction, checkpoint.Update,
        checkpoint.Measured,
        checkpoint.Judged);

    public static SampledRow Of(DescribeBestOfN best) =>
        new(best.Start.ModelName, Pool, null, best.Start.AlignmentSeed, 0, 0, best.Pool, best.Judged);
}
