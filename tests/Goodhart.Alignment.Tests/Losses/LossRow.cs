using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Tests.Losses;

/// <summary>What the tests of all losses must know of one.</summary>
/// <param name="Name">In the catalogue.</param>
/// <param name="Golden">Of the same formula in scalar_losses.json; null where that file has none and another test stands for it.</param>
internal sealed record LossRow(string Name, string? Golden)
{
    /// <summary>A column of the golden file for each parameter that it varies.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>Values that the golden file means without naming them.</summary>
    public IReadOnlyDictionary<string, double> Implied { get; init; } = new Dictionary<string, double>();

    /// <summary>Parameters other than the defaults, for the tests that need no golden numbers.</summary>
    public IReadOnlyDictionary<string, double> Other { get; init; } = new Dictionary<string, double>();

    /// <summary>The batch loss with what the gradient holds fixed taken at these pairs; null where it holds nothing fixed.</summary>
    public Func<PreferenceLoss, PairLogProbs[], Func<PairLogProbs[], double>>? Frozen { get; init; }

    /// <summary>Whether an extreme pair may give an infinite value, where the formula has one.</summary>
    public bool CanBeInfinite { get; init; }

    public PreferenceLoss Create(GoldenPair pair) => LossCatalogue.Create(
        Name, pair["beta"], Columns.ToDictionary(column => column.Key, column => pair[column.Value]).Concat(Implied).ToDictionary());

    public override string ToString() => Golden is null ? Name : $"{Name} ({Golden})";

    public static IReadOnlyList<LossRow> All { get; } =
    [
        new("dpo", "dpo_sigmoid"),
        new("ipo", "ipo_paper"),
        new("ipo-code", "ipo_reference"),
        new("slic", "slic_hinge"),
        new("r-dpo", "r_dpo") { Columns = Of(("alpha", "alpha")), Other = Of(("alpha", 0.07)) },
        new("ipo-mean", "ipo_length_averaged"),
        new("dpo-norm", "sigmoid_norm"),
        new("cdpo", "cdpo") { Columns = Of(Smoothing), Other = Of(("label-smoothing", 0.3)) },
        new("robust-dpo", "robust") { Columns = Of(Smoothing), Other = Of(("label-smoothing", 0.0)) },
        new("exo", "exo_pair") { Columns = Of(Smoothing), Other = Of(("label-smoothing", 0.3)) },
        new("nca", "nca_pair"),
        new("bco", "bco_pair") { Columns = Of(("delta", "delta")), Other = Of(("delta", -0.4)) },
        new("sppo", "sppo_hard"),
        new("apo-zero", "apo_zero"),
        new("apo-down", "apo_down"),
        new("discopop", "discopop") { Columns = Of(("tau", "tau")), Other = Of(("tau", 0.5)) },
        new("cpo", "cpo_sigmoid") { Implied = Of(("nll-weight", 0.0)), Other = Of(("nll-weight", 0.3)) },
        new("cpo", "dpo_reference_free") { Implied = Of(("nll-weight", 0.0)), Other = Of(("nll-weight", 0.3)) },
        new("simpo", "simpo") { Columns = Of(("gamma", "gamma")), Other = Of(("gamma", 1.1)) },
        new("orpo", "orpo_odds_ratio") { Implied = Of(("nll-weight", 0.0)), Other = Of(("nll-weight", 0.3)), CanBeInfinite = true },
        new("dpop", "dpop") { Columns = Of(("lambda", "lambda")), Other = Of(("lambda", 0.0)) },
        new("chi-po", "chipo") { Columns = Of(("reward-range", "R")), Other = Of(("reward-range", 3.0)), CanBeInfinite = true },
        new("dpo-forward-kl", "dpo_forward_kl") { CanBeInfinite = true },
        new("dpo-js", "dpo_js_divergence"),
        new("slic-hf", null) { Other = Of(("lambda", 0.7)) },
        new("rpo", null) { Other = Of(("eta", 0.4)) },
        new("rpo-token-mean", null) { Other = Of(("alpha", 0.3)) },
        new("dpo-nll-both", null) { Other = Of(("weight", 0.2)) },
        new("pepo-member", null) { Other = Of(("alpha", 0.7)) },
        new("squared-po", null) { CanBeInfinite = true },
        new("aot", null) { Other = Of(("label-smoothing", 0.1)) },
        new("aot-unpaired", null) { Other = Of(("label-smoothing", 0.1)) },
        new("kto-pair", null)
        {
            Other = Of(("desirable-weight", 1.33), ("undesirable-weight", 0.8)),
            Frozen = (loss, at) =>
            {
                (double chosen, double rejected) = KtoPairLoss.KlOf(at);
                return pairs =>
                {
                    PairGradient[] terms = new PairGradient[pairs.Length];
                    ((KtoPairLoss)loss).EvaluateAt(chosen, rejected, pairs, terms);
                    return loss.BatchLoss(terms);
                };
            },
        },
    ];

    private static (string, string) Smoothing => ("label-smoothing", "label_smoothing");

    private static Dictionary<string, T> Of<T>(params (string Key, T Value)[] entries) =>
        entries.ToDictionary(entry => entry.Key, entry => entry.Value);
}
