using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Text;

namespace Goodhart.Evaluation.Length;

/// <summary>
/// The regression of AlpacaEval 2 (Dubois et al., "Length-Controlled AlpacaEval", 2024) for one policy:
/// logit P(win on x) = θ + φ·tanh(Δ/sd(Δ)) + ψ·γ_x, with Δ the response's length less that of the data set's response and γ_x the
/// prompt's difficulty. The win rate at Δ = 0 is the mean over prompts of σ(θ + ψ·γ_x).
/// </summary>
/// <remarks>Theirs adds a penalty (L2 in the article, L1 in its code, by cross-validation) and some truncated responses, counts characters,
/// and fits
/// γ_x jointly over a leaderboard; here there is no penalty, so that an estimate that the data do not fix is refused and not invented, and
/// γ_x
/// comes from the study's other runs (<see cref="PromptDifficulty"/>).</remarks>
public static class LengthControl
{
    private const int LengthColumn = 1;

    /// <param name="difficulty">γ_x by prompt, standardised; null leaves the term out.</param>
    public static LengthControlledWinRate Estimate(PerPromptOutcomes outcomes, double[]? difficulty, LengthOptions options)
    {
        int prompts = outcomes.Win.Length;
        if (outcomes is not { Length: { } lengths, DataLength: { } data })
        {
            return LengthControlledWinRate.Refuse("lengths were not measured", prompts);
        }

        double[] differences = PairedDifference.Differences(lengths, data);
        if (ReasonAgainst(outcomes.Win, differences, options) is { } reason)
        {
            return LengthControlledWinRate.Refuse(reason, prompts);
        }

        double mean = differences.Average();
        double scale = Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (prompts - 1));
        double[,] design = Design([.. differences.Select(d => Math.Tanh(d / scale))], difficulty);
        return LogisticRegression.Fit(design, outcomes.Win) is { } fit
            ? Describe(fit, design)
            : LengthControlledWinRate.Refuse("length or difficulty separates wins from losses: the likelihood has no maximum", prompts);
    }

    private static string? ReasonAgainst(double[] wins, double[] differences, LengthOptions options)
    {
        int shorter = differences.Count(d => d <= 0);
        int longer = differences.Count(d => d >= 0);
        return wins.Length < options.FewestPrompts ? $"{Quantity.Of(wins.Length, "prompt")}, {options.FewestPrompts} are needed"
            : wins.All(win => win == wins[0]) && wins[0] is 0 or 1 ? "every response wins, or every one loses"
            : differences.All(d => d == differences[0]) ? "no spread of lengths: all differ from the data set's by the same"
            : Math.Min(shorter, longer) < options.FewestEitherSide
                ? $"the data set's lengths lie outside what was seen: {shorter} responses as short or shorter, {longer} as long or longer"
            : null;
    }

    private static double[,] Design(double[] lengthTerm, double[]? difficulty)
    {
        double[,] design = new double[lengthTerm.Length, difficulty is null ? 2 : 3];
        for (int i = 0; i < lengthTerm.Length; i++)
        {
            design[i, 0] = 1;
            design[i, LengthColumn] = lengthTerm[i];
            if (difficulty is not null)
            {
                design[i, 2] = difficulty[i];
            }
        }

        return design;
    }

    private static LengthControlledWinRate Describe(LogisticFit fit, double[,] design)
    {
        int prompts = design.GetLength(0);
        double[] b = fit.Coefficients;
        double[] atZero = new double[prompts];
        double[] gradient = new double[b.Length];
        for (int i = 0; i < prompts; i++)
        {
            double psi = b.Length > 2 ? b[2] * design[i, 2] : 0;
            atZero[i] = LogisticRegression.Sigmoid(b[0] + psi);
            double slope = atZero[i] * (1 - atZero[i]) / prompts;
            gradient[0] += slope;
            if (b.Length > 2)
            {
                gradient[2] += slope * design[i, 2];
            }
        }

        double winRate = atZero.Average();
        double[] influence = new double[prompts];
        for (int i = 0; i < prompts; i++)
        {
            influence[i] = (atZero[i] - winRate) / prompts;
            for (int j = 0; j < b.Length; j++)
            {
                influence[i] += gradient[j] * fit.Influence[i, j];
            }
        }

        double error = Math.Sqrt(influence.Sum(v => v * v) * prompts / (prompts - b.Length));
        return new(winRate, error, b[LengthColumn], fit.StandardError(LengthColumn), b.Length > 2, prompts, null) { Influence = influence };
    }
}
