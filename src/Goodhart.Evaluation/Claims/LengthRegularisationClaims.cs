using Goodhart.Evaluation.Comparisons;
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
    private const int FewestBins = 2;

    /// <param name="overSeeds">Groups with seeds averaged, for the hump.</param>
    /// <param name="bySeed">Groups with seeds apart.</param>
    /// <param name="checkpoints">The whole study, for the prompts' difficulty.</param>
    public static IEnumerable<Claim?> DecideAll(
        IReadOnlyList<CheckpointGroup> overSeeds,
        IReadOnlyList<CheckpointGroup> bySeed,
        IReadOnlyList<EvaluatedCheckpoint> checkpoints,
        TestOptions options)
    {
        foreach (CheckpointGroup group in overSeeds.Where(group => group.Loss == Regularised))
        {
            yield return KeepsHump(group, options);
            yield return PlainOf(group, overSeeds) is { } plain ? LengthFrontierClaims.AtEqualBeta(group, plain, options) : null;
        }

        if (!bySeed.Any(group => group.Loss == Regularised))
        {
            yield break;
        }

        Dictionary<CheckpointKey, LengthReading> readings =
            LengthReading.OfStudy(checkpoints, new()).ToDictionary(reading => reading.Checkpoint);
        foreach (CheckpointGroup group in bySeed.Where(group => group.Loss == Regularised))
        {
            if (PlainOf(group, bySeed) is { } plain)
            {
                yield return ControlledAtEqualBeta(group, readings, options);
                yield return ControlledAtEqualKl(group, plain, readings, options);
                foreach (Claim? claim in LengthFrontierClaims.AtEqualKl(group, plain, options))
                {
                    yield return claim;
                }
            }
        }
    }

    private static CheckpointGroup? PlainOf(CheckpointGroup regularised, IReadOnlyList<CheckpointGroup> groups) =>
        groups.FirstOrDefault(group => group.Loss == Plain && group.Model == regularised.Model);

    private static Claim? KeepsHump(CheckpointGroup group, TestOptions options) =>
        HumpClaim.Decide(group, DistanceAxis.Kl, options) is not { } hump ? null : hump with
        {
            Id = $"length-regularisation-keeps-hump/{group.Model}",
            Paper = "With length regularisation too, win rate suffers from over-optimization (section 3.3, figure 3 left).",
        };

    private static Claim? ControlledAtEqualBeta(
        CheckpointGroup regularised, Dictionary<CheckpointKey, LengthReading> readings, TestOptions options)
    {
        Cell[] cells =
        [
            .. from checkpoint in regularised.Checkpoints
               let key = CheckpointKey.Of(checkpoint.Point)
               select new Cell(Controlled([key], readings), Controlled([key with { Loss = Plain }], readings)),
        ];
        return Controlled($"equal-beta/{regularised.Model}", "checkpoints at equal β and fraction", cells, FewestPairs, options);
    }

    private static Claim? ControlledAtEqualKl(
        CheckpointGroup regularised, CheckpointGroup plain, Dictionary<CheckpointKey, LengthReading> readings, TestOptions options)
    {
        ILookup<int, CheckpointKey> regular = ByBin(regularised);
        ILookup<int, CheckpointKey> standard = ByBin(plain);
        Cell[] cells =
            [.. regular.Select(bin => new Cell(Controlled(bin, readings), Controlled(standard[bin.Key], readings)))];
        return Controlled($"equal-kl/{regularised.Model}", "the bins of √KL that both reach", cells, FewestBins, options);
    }

    private static ILookup<int, CheckpointKey> ByBin(CheckpointGroup group) =>
        group.Checkpoints.ToLookup(c => EqualKlComparison.BinOf(c.Point.SqrtKl), c => CheckpointKey.Of(c.Point));

    private static LengthControlledWinRate[] Controlled(
        IEnumerable<CheckpointKey> keys, Dictionary<CheckpointKey, LengthReading> readings) =>
        [
            .. keys.Select(key => readings.GetValueOrDefault(key)?.Controlled)
                .Where(rate => rate is { Refused: null }).OfType<LengthControlledWinRate>(),
        ];

    private static Claim? Controlled(string scope, string over, Cell[] cells, int fewest, TestOptions options)
    {
        Cell[] both = [.. cells.Where(cell => cell is { Regularised.Length: > 0, Plain.Length: > 0 })];
        if (both.Length < fewest)
        {
            return null;
        }

        double difference = both.Average(cell => cell.Difference(rate => rate.WinRate!.Value));
        double error = Error(both);
        double half = StandardNormal.Quantile(0.5 + (options.Level / 2)) * error;
        ConfidenceInterval interval = new(difference - half, difference + half, options.Level);
        return new(
            $"length-regularisation-controlled/{scope}",
            "On a length-corrected basis the length-regularised model wins more often (section 3.3).",
            $"length-controlled win rate of R-DPO minus that of DPO, mean over {over}",
            difference,
            Interval(interval, "normal, delta method over common prompts"),
            Above(0, interval),
            "supported: the 95 % interval of the difference lies above 0; contradicted: below 0; else inconclusive",
            Of($"R-DPO minus DPO {difference:0.000} ± {error:0.000} over {both.Length} of {cells.Length}"));
    }

    /// <summary>All cells share the prompts, so what a prompt moves is summed over them before it is squared.</summary>
    private static double Error(Cell[] cells)
    {
        int prompts = cells[0].Plain[0].Influence.Count;
        double[] moved = [.. Enumerable.Range(0, prompts).Select(i => cells.Average(cell => cell.Difference(rate => rate.Influence[i])))];
        return Math.Sqrt(moved.Sum(v => v * v) * prompts / (prompts - 1));
    }

    /// <summary>What is compared: rates that were not refused.</summary>
    private sealed record Cell(LengthControlledWinRate[] Regularised, LengthControlledWinRate[] Plain)
    {
        public double Difference(Func<LengthControlledWinRate, double> value) => Regularised.Average(value) - Plain.Average(value);
    }
}
