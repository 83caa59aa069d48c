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
    ];

    private static Dictionary<string, T> Of<T>(params (string Key, T Value)[] entries) => entries.ToDictionary(entry => entry.Key, entry => entry.Value);
}
