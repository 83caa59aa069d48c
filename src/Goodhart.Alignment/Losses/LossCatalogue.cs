namespace Goodhart.Alignment.Losses;

/// <summary>The losses that a study file or a command can name.</summary>
public static class LossCatalogue
{
    private static readonly LossEntry[] Known =
    [
        new("dpo", "Eq. (4) with g(x) = −log σ(x)", beta => new DpoLoss { Beta = beta }),
        new("ipo", "Eq. (4) with g(x) = (x − 1)², as the paper states it", beta => new IpoLoss { Beta = beta }),
        new("ipo-code", "IPO as the public DPO code has it", beta => new IpoCodeLoss { Beta = beta }),
        new("slic", "Eq. (4) with g(x) = max(0, 1 − x)", beta => new SlicLoss { Beta = beta }),
    ];

    public static IReadOnlyList<LossEntry> All => Known;

    /// <summary>A loss by its name in study files.</summary>
    /// <param name="beta">Finite and above zero.</param>
    /// <exception cref="ArgumentException">No such loss; the message lists those there are. Or a β out of range.</exception>
    public static PreferenceLoss Create(string name, double beta)
    {
        LossEntry entry = Array.Find(Known, known => known.Name == name) ?? throw new ArgumentException(
            $"unknown loss '{name}': expected one of {string.Join(", ", Known.Select(known => known.Name))}.", nameof(name));
        return entry.Create(beta);
    }
}
