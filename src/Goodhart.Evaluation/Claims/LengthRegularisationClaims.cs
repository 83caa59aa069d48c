using Goodhart.Evaluation.Length;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>R-DPO, Park et al.'s length-regularised DPO, against DPO (section 3.3, figure 3 left).</summary>
internal static class LengthRegularisationClaims
{
    private const string Regularised = "r-dpo";
    private const string Plain = "dpo";
    private const int FewestPairs = 3;

    /// <param name="overSeeds">Groups with seeds averaged, for the hump.</param>
    /// <param name="bySeed">Groups with seeds apart.</param>
    /// <param name="checkpoints">The whole study, for the prompts' difficulty.</param>
    public static IEnumerable<Claim?> DecideAll(
        IReadOnlyList<CheckpointGroup> overSeeds,
        IReadOnlyList<CheckpointGroup> bySeed,
        IReadOnlyList<EvaluatedCheckpoint> checkpoints,
        ClaimOptions options)
    {
        foreach (CheckpointGroup group in overSeeds.Where(group => group.Loss == Regularised))
        {
            yield return KeepsHump(group, options);
        }

        if (!bySeed.Any(group => group.Loss == Regularised))
        {
            yield break;
        }

        Dictionary<CheckpointKey, LengthReading> readings =
            LengthReading.OfStudy(checkpoints, new()).ToDictionary(reading => reading.Checkpoint);
        foreach (CheckpointGroup group in bySeed.Where(group => group.Loss == Regularised))
        {
            yield return HigherControlled(group, readings, options);
        }
    }

    private static Claim? KeepsHump(CheckpointGroup group, ClaimOptions options) =>
        HumpClaim.Decide(group, DistanceAxis.Kl, options) is not { } hump ? null : hump with
        {
            Id = $"length-regularisation-keeps-hump/{group.Model}",
            Paper = "Length regularisation changes the frontier of KL and win rate but does not remove over-optimization (section 3.3, figure 3 left).",
        };

    private static Claim? HigherControlled(
        CheckpointGroup regularised, Dictionary<CheckpointKey, LengthReading> readings, ClaimOptions options)
    {
        (LengthControlledWinRate Regular, LengthControlledWinRate Plain)[] pairs =
        [
            .. from checkpoint in regularised.Checkpoints
               let key = CheckpointKey.Of(checkpoint.Point)
               let regular = readings.GetValueOrDefault(key)?.Controlled
               let plain = readings.GetValueOrDefault(key with { Loss = Plain })?.Controlled
               where regular is { Refused: null } && plain is { Refused: null }
               select (regular, plain),
        ];
        if (pairs.Length < FewestPairs)
        {
            return null;
        }

        double difference = pairs.Average(pair => pair.Regular.WinRate!.Value - pair.Plain.WinRate!.Value);
        double error = Error(pairs);
        double half = StandardNormal.Quantile(0.5 + (options.Level / 2)) * error;
        ConfidenceInterval interval = new(difference - half, difference + half, options.Level);
        return new(
            $"length-regularisation-controlled/{regularised.Model}",
            "On a length-corrected basis the length-regularised model wins more often (section 3.3).",
            "length-controlled win rate of R-DPO minus that of DPO, mean over checkpoints at equal β and fraction",
            difference,
            Interval(interval, "normal, delta method over common prompts"),
            Above(0, interval),
            "supported: the 95 % interval of the difference lies above 0; contradicted: below 0; else inconclusive",
            Of($"R-DPO minus DPO {difference:0.000} ± {error:0.000} over {pairs.Length} checkpoints"));
    }

    /// <summary>All pairs share the prompts, so what a prompt moves is summed over them before it is squared.</summary>
    private static double Error((LengthControlledWinRate Regular, LengthControlledWinRate Plain)[] pairs)
    {
        int prompts = pairs[0].Regular.Influence.Count;
        double[] moved = [.. Enumerable.Range(0, prompts).Select(i => pairs.Average(p => p.Regular.Influence[i] - p.Plain.Influence[i]))];
        return Math.Sqrt(moved.Sum(v => v * v) * prompts / (prompts - 1));
    }
}
