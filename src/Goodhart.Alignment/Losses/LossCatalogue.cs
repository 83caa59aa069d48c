namespace Goodhart.Alignment.Losses;

/// <summary>The losses that a study file or a command can name.</summary>
public static class LossCatalogue
{
    private static readonly LossEntry[] Known =
    [
        DpoLoss.Entry, IpoLoss.Entry, IpoCodeLoss.Entry, IpoMeanLoss.Entry, SlicLoss.Entry, SlicHfLoss.Entry, CDpoLoss.Entry,
        RobustDpoLoss.Entry, RDpoLoss.Entry, LengthNormalisedDpoLoss.Entry, SimPoLoss.Entry, CpoLoss.Entry, OrpoLoss.Entry, DpopLoss.Entry,
        ChiPoLoss.Entry, ForwardKlDpoLoss.Entry, JensenShannonDpoLoss.Entry, ExoLoss.Entry, NcaLoss.Entry, BcoLoss.Entry, SppoLoss.Entry,
        ApoZeroLoss.Entry, ApoDownLoss.Entry, DiscoPopLoss.Entry, SquaredPoLoss.Entry, RpoLoss.Entry, RpoTokenMeanLoss.Entry,
        DpoNllBothLoss.Entry, PepoMemberLoss.Entry, AotLoss.Entry, AotUnpairedLoss.Entry, KtoPairLoss.Entry, KtoLoss.Entry,
    ];

    public static IReadOnlyList<LossEntry> All => Known;

    /// <exception cref="ArgumentException">No such loss; the message lists those there are.</exception>
    public static LossEntry Find(string name) => Array.Find(Known, known => known.Name == name) ?? throw new ArgumentException(
        $"unknown loss '{name}': expected one of {string.Join(", ", Known.Select(known => known.Name))}.", nameof(name));

    /// <summary>Those that train on pairs.</summary>
    public static IEnumerable<LossEntry> OnPairs => Known.Where(entry => entry.IsOnPairs);

    /// <summary>A loss on pairs by its name, for whatever has pairs and nothing else.</summary>
    /// <param name="beta">Finite and above zero.</param>
    /// <param name="parameters">By name; those that are left out have their defaults.</param>
    /// <exception cref="ArgumentException">No such loss or parameter, with those there are; a value out of range; or a loss that takes no
    /// pairs.</exception>
    public static PreferenceLoss Create(string name, double beta, IReadOnlyDictionary<string, double>? parameters = null) =>
        RequirePairs(Find(name).Create(beta, parameters));

    /// <exception cref="ArgumentException">A loss that takes no pairs; the message says what does.</exception>
    public static PreferenceLoss RequirePairs(AlignmentLoss loss) => loss as PreferenceLoss ?? throw new ArgumentException(
        $"{loss.Name} is a loss on single responses with labels, and pairs are needed here: {KtoPairLoss.Entry.Name} is KTO on pairs.");
}
