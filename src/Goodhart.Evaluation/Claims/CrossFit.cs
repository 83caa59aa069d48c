namespace Goodhart.Evaluation.Claims;

/// <summary>The best of several without flattering it: chosen on every other prompt and read on the rest, and the reverse. A best that is
/// judged by the numbers that chose it looks too good, and the more so the more there are to choose from.</summary>
internal static class CrossFit
{
    /// <param name="candidates">Values by prompt, all of one length.</param>
    /// <returns>By prompt: the value of the candidate that has the highest mean over the other half of the prompts.</returns>
    public static double[] Best(IReadOnlyList<double[]> candidates) => Best(candidates, candidates);

    /// <param name="candidates">What chooses.</param>
    /// <param name="read">What is read of the chosen one, by candidate and prompt.</param>
    /// <inheritdoc cref="Best(IReadOnlyList{double[]})"/>
    public static double[] Best(IReadOnlyList<double[]> candidates, IReadOnlyList<double[]> read)
    {
        double[] best = new double[candidates[0].Length];
        for (int half = 0; half < 2; half++)
        {
            double[] chosen = read[Enumerable.Range(0, candidates.Count).MaxBy(i => MeanOfHalf(candidates[i], 1 - half))];
            for (int prompt = half; prompt < best.Length; prompt += 2)
            {
                best[prompt] = chosen[prompt];
            }
        }

        return best;
    }

    private static double MeanOfHalf(double[] values, int half) => values.Where((_, prompt) => prompt % 2 == half).Average();
}
