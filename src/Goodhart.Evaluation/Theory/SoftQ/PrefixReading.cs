namespace Goodhart.Evaluation.Theory.SoftQ;

/// <summary>What appendix D needs of one row of logits, in nats and in the row's own gauge: β times each is Q or V.</summary>
/// <param name="LogSumExp">log Σ exp(l): V/β of Eq. (9).</param>
/// <param name="Largest">max l: the maximum of Q, over β.</param>
/// <param name="Token">The logit of the token that follows; NaN after the end.</param>
/// <param name="SeenLogSumExp">log Σ exp(l) over the seen tokens; −∞ without any.</param>
/// <param name="Seen">How many tokens are seen here.</param>
public readonly record struct PrefixReading(double LogSumExp, double Largest, double Token, double SeenLogSumExp, int Seen)
{
    /// <summary>Tokens that <see cref="TopMass"/> is of.</summary>
    public const int Top = 5;

    /// <summary>Probability of the <see cref="Top"/> likeliest tokens together.</summary>
    public double TopMass { get; init; }

    /// <summary>log π of the token that follows.</summary>
    public double LogProb => Token - LogSumExp;

    /// <summary>−log max π = (V − max Q)/β: what Eq. (12) neglects. No gauge changes it.</summary>
    public double Gap => LogSumExp - Largest;

    /// <summary>
    /// Share of Eq. (11)'s sum that tokens not seen here contribute, which is their probability, and no gauge changes it; null where the
    /// data show nothing.
    /// </summary>
    public double? UnseenShare => Seen == 0 ? null : Math.Clamp(1 - Math.Exp(SeenLogSumExp - LogSumExp), 0, 1);

    /// <summary>(V − V over seen tokens)/β = −log(1 − <see cref="UnseenShare"/>): what the unseen tokens add to the value.</summary>
    public double? UnseenValue => Seen == 0 ? null : LogSumExp - SeenLogSumExp;

    /// <param name="token">The token that follows; null after the end.</param>
    public static PrefixReading Of(ReadOnlySpan<double> logits, int? token, IReadOnlyList<int> seen)
    {
        double largest = double.NegativeInfinity;
        foreach (double logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        Span<double> known = seen.Count <= 64 ? stackalloc double[seen.Count] : new double[seen.Count];
        for (int i = 0; i < known.Length; i++)
        {
            known[i] = logits[seen[i]];
        }

        double all = LogSum.Exp(logits);
        return new PrefixReading(all, largest, token is { } next ? logits[next] : double.NaN, LogSum.Exp(known), known.Length)
        {
            TopMass = MassOfTop(logits, all),
        };
    }

    /// <param name="all">log Σ exp of the logits.</param>
    private static double MassOfTop(ReadOnlySpan<double> logits, double all)
    {
        // Descending, by insertion: nearly every logit of a large vocabulary is below the last of them and costs one comparison.
        Span<double> top = stackalloc double[Math.Min(Top, logits.Length)];
        top.Fill(double.NegativeInfinity);
        foreach (double logit in logits)
        {
            int place = top.Length;
            while (place > 0 && logit > top[place - 1])
            {
                place--;
            }

            if (place < top.Length)
            {
                top[place..^1].CopyTo(top[(place + 1)..]);
                top[place] = logit;
            }
        }

        return Math.Min(1, Math.Exp(LogSum.Exp(top) - all));
    }
}
