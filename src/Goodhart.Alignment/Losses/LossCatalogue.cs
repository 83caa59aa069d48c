namespace Goodhart.Alignment.Losses;

/// <summary>The losses that a study file or a command can name.</summary>
public static class LossCatalogue
{
    private static readonly LossEntry[] Known =
    [
        DpoLoss.Entry, IpoLoss.Entry, IpoCodeLoss.Entry, IpoMeanLoss.Entry, SlicLoss.Entry, SlicHfLoss.Entry, CDpoLoss.Entry,
        RobustDpoLoss.Entry, RDpoLoss.Entry, LengthNormalisedDpoLoss.Entry, SimPoLoss.Entry, CpoLoss.Entry, OrpoLoss.Entry, DpopLoss.Entry,
        ChiPoLoss.Entry, ForwardKlDpoLoss.Entry, JensenShannonDpoLoss.Entry, ExoLoss.Entry, NcaLoss.Entry, BcoLoss.Entry, SppoLoss.Entry,
        ApoZeroLoss.Entry, ApoDownLoss.Entry, DiscoPopLoss.Entry, AotLoss.Entry, AotUnpairedLoss.Entry, KtoPairLoss.Entry,
    ];

    public static IReadOnlyList<LossEntry> All => Known;

    /// <exception cref="ArgumentException">No such loss; the message lists those there are.</exception>
    public static LossEntry Find(string name) => Array.Find(Known, known => known.Name == name) ?? throw new ArgumentException(
        $"unknown loss '{name}': expected one of {string.Join(", ", Known.Select(known => known.Name))}.", nameof(name));

    /// <summary>A loss by its name in study files.</summary>
    /// <param name="beta">Finite and above zero.</param>
    /// <param name="parameters">By name; those that are left out have their defaults.</param>
    /// <exception cref="ArgumentException">No such loss or parameter, with those there are; or a value out of range.</exception>
    public static PreferenceLoss Create(string name, double beta, IReadOnlyDictionary<string, double>? parameters = null) =>
        Find(name).Create(beta, parameters);
}
