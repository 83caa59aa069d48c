using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Judges.Reports;

/// <summary>Two policies judged against the same opponent on the same prompts.</summary>
/// <param name="Prompts">With a verdict for both.</param>
/// <param name="Difference">The first policy's win rate minus the second's, on these prompts.</param>
/// <param name="Interval">95 %, bootstrap over prompts.</param>
/// <param name="FirstBetter">Prompts on which the first policy scores higher.</param>
/// <param name="P">Exact sign test over prompts, ties left out.</param>
public sealed record WinRateDifference(
    int Prompts, double Difference, ConfidenceInterval Interval, int FirstBetter, int SecondBetter, int Ties, double P)
{
    /// <param name="seed">Of the bootstrap.</param>
    /// <returns>Null where no prompt has a verdict for both.</returns>
    public static WinRateDifference? Of(IEnumerable<PairJudgement> first, IEnumerable<PairJudgement> second, ulong seed)
    {
        IReadOnlyDictionary<string, double> others = PromptScores.Of(second);
        (double X, double Y)[] both =
            [
                .. PromptScores.Of(first).Where(prompt => others.ContainsKey(prompt.Key))
                    .Select(prompt => (prompt.Value, others[prompt.Key])),
            ];
        if (both.Length == 0)
        {
            return null;
        }

        double[] x = [.. both.Select(pair => pair.X)];
        double[] y = [.. both.Select(pair => pair.Y)];
        SignTest test = SignTest.Between(x, y);
        return new WinRateDifference(
            both.Length, x.Average() - y.Average(), Bootstrap.PairedMeanDifference(x, y, seed), test.Larger, test.Smaller, test.Ties,
            test.P);
    }
}
