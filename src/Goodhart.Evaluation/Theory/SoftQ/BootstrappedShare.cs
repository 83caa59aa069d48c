using Goodhart.Evaluation.Statistics;
using Goodhart.Text.Data;

namespace Goodhart.Evaluation.Theory.SoftQ;

/// <summary>
/// How much of the value that Eq. (11) bootstraps on belongs to tokens the data do not show, along responses of the data. Standard errors
/// are over pairs. Nothing here depends on a gauge.
/// </summary>
/// <param name="UnseenShare">Mean probability of unseen tokens at the prefixes that a token's Q bootstraps on; null where the data reach
/// none.</param>
/// <param name="UnseenNats">Mean (V − V over seen tokens)/β = −log(1 − share), nats.</param>
/// <param name="GapNats">Mean (V − max Q)/β = −log max π, nats: times β the gap of Eq. (12).</param>
/// <param name="Covered">Share of those prefixes that the data reach.</param>
public sealed record BootstrappedShare(MeanEstimate? UnseenShare, MeanEstimate? UnseenNats, MeanEstimate GapNats, double Covered)
{
    /// <summary>Mean probability of the <see cref="PrefixReading.Top"/> likeliest tokens at all those prefixes; null where an earlier
    /// version measured.</summary>
    public MeanEstimate? TopMass { get; init; }

    /// <summary>One forward pass over the pairs, with one row of logits per response token: the cost of scoring them, and no
    /// sampling.</summary>
    /// <param name="policy">Any policy; of a language model <see cref="ModelLogits"/>.</param>
    /// <param name="pairs">Whose chosen and rejected responses give the prefixes. With <see cref="SeenAtPrefix"/> they are training pairs:
    /// no prefix of another prompt is ever reached.</param>
    /// <exception cref="ArgumentException">No response has a prefix to bootstrap on: all have a single token, or there are
    /// none.</exception>
    public static BootstrappedShare Measure(
        IPrefixLogits policy, IReadOnlyList<TokenizedPair> pairs, ISeenTokens seen, CancellationToken cancel = default)
    {
        ResponseTree[] trees =
            [.. pairs.Select(pair => new ResponseTree(pair.Prompt, [new(pair.Chosen, Ended: true), new(pair.Rejected, Ended: true)]))];

        // Prefix 0 is left out: no token's Q bootstraps on the value of the prompt.
        PrefixReading[][] prefixes =
        [
            .. PrefixReadings.Of(policy, trees, seen, cancel).Select(tree => tree.SelectMany(response => response.Skip(1)).ToArray()),
        ];
        PrefixReading[][] covered = [.. prefixes.Select(pair => pair.Where(prefix => prefix.Seen > 0).ToArray())];
        return new BootstrappedShare(
            covered.Any(pair => pair.Length > 0) ? PerPrefix(covered, prefix => prefix.UnseenShare!.Value) : null,
            covered.Any(pair => pair.Length > 0) ? PerPrefix(covered, prefix => prefix.UnseenValue!.Value) : null,
            PerPrefix(prefixes, prefix => prefix.Gap),
            covered.Sum(pair => pair.Length) / (double)prefixes.Sum(pair => pair.Length))
        {
            TopMass = PerPrefix(prefixes, prefix => prefix.TopMass),
        };
    }

    private static MeanEstimate PerPrefix(PrefixReading[][] pairs, Func<PrefixReading, double> quantity) => RatioEstimate.Of(
        Array.ConvertAll(pairs, pair => pair.Sum(quantity)),
        Array.ConvertAll(pairs, pair => (double)pair.Length));
}
