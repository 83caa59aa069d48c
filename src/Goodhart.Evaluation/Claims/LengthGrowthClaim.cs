using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using static Goodhart.Evaluation.Claims.ClaimText;

namespace Goodhart.Evaluation.Claims;

/// <summary>DPO's responses grow longer in training.</summary>
internal static class LengthGrowthClaim
{
    /// <param name="group">Seeds apart.</param>
    public static Claim? Decide(CheckpointGroup group, TestOptions options)
    {
        double[][] ends = [.. Runs.Of(group.Checkpoints).Select(run => run[^1].Outcomes.Length).OfType<double[]>()];
        if (group.Loss != "dpo" || group.Sft?.Outcomes.Length is not { } start || ends.Length == 0)
        {
            return null;
        }

        double[] end = [.. start.Select((_, prompt) => ends.Average(lengths => lengths[prompt]))];
        return new PairedClaim(
            $"dpo-lengthens/{group.Model}",
            "DPO is prone to exploit length: its responses grow longer in training (section 3.3, after Park et al.).",
            "tokens of a response at the end of the epoch minus those of the SFT model's, mean over runs",
            "supported: the 95 % interval of the difference (paired t over prompts) lies above 0; contradicted: below 0; else inconclusive",
            interval => Above(0, interval))
            .Decide(
                PairedDifference.Differences(end, start),
                test => Of($"{start.Average():0.0} tokens before, {end.Average():0.0} after ({P(test.P)}); the data set's have ")
                    + (group.Sft.Outcomes.DataLength is { } data ? Of($"{data.Average():0.0}") : "no measured length"),
                options);
    }
}
