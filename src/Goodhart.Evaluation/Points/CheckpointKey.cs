namespace Goodhart.Evaluation.Points;

/// <summary>Which checkpoint a number is about.</summary>
/// <param name="Loss">Empty for the SFT model.</param>
/// <param name="Fraction">Of the epoch.</param>
public sealed record CheckpointKey(string Loss, string Model, double? Beta, int Seed, double Fraction)
{
    public static CheckpointKey Of(CheckpointPoint point) => new(point.Loss, point.Model, point.Beta, point.Seed, point.Fraction);
}
