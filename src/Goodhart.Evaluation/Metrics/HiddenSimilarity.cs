namespace Goodhart.Evaluation.Metrics;

/// <summary>The centered hidden embedding similarity (CHES) of a pair: how alike a model's hidden states are along its chosen and its
/// rejected response.</summary>
/// <remarks>Razin et al., Unintentional Unalignment (arXiv 2410.08847): pairs with a high CHES are those whose chosen log-prob a
/// preference loss pulls down with the rejected one's.</remarks>
public static class HiddenSimilarity
{
    /// <summary>⟨h̄(y_w), h̄(y_l)⟩ − ‖h̄(y_w)‖², h̄ the mean over a response's tokens of the hidden state that predicts it: the paper's
    /// length-normalised score. Its other form has sums in place of means.</summary>
    /// <param name="chosen">h̄ of the chosen response, [d].</param>
    /// <param name="rejected">h̄ of the rejected one, [d].</param>
    /// <exception cref="ArgumentException">They differ in width.</exception>
    public static double Of(ReadOnlySpan<double> chosen, ReadOnlySpan<double> rejected)
    {
        if (chosen.Length != rejected.Length)
        {
            throw new ArgumentException(
                $"expected hidden states of one width, found {chosen.Length} and {rejected.Length}.", nameof(rejected));
        }

        double score = 0;
        for (int i = 0; i < chosen.Length; i++)
        {
            score += chosen[i] * (rejected[i] - chosen[i]);
        }

        return score;
    }
}
