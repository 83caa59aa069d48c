using System.Text.RegularExpressions;

namespace Goodhart.Evaluation.Points;

/// <summary>A loss that is trained with remedies is named after both: <c>dpo+is-daa</c> is <c>dpo</c> with <c>is-daa</c>.</summary>
public static partial class RemediedLosses
{
    public const string Dpo = "dpo";

    private const char Join = '+';

    /// <summary>Losses that the field proposes in DPO's place, against what it does: imitation, other divergences, length, noise. IPO and
    /// SLiC are none: the paper has them over-optimize beside DPO.</summary>
    public static IReadOnlyList<string> ForDpo { get; } =
    [
        "rpo", "rpo-token-mean", "dpop", "dpo-nll-both", "chi-po", "squared-po", "dpo-js", "dpo-forward-kl", "r-dpo", "dpo-norm", "simpo",
        "cpo", "orpo", "cdpo", "robust-dpo", "pepo-member",
    ];

    public static bool Contains(string loss) => loss.Contains(Join);

    public static string Name(string loss, string? remedies) => remedies is null ? loss : $"{loss}{Join}{remedies}";

    /// <summary>The loss itself.</summary>
    public static string LossOf(string name) => name.Split(Join, 2)[0];

    /// <summary>Without numbers: strengths of a remedy, and a loss with several, are one family.</summary>
    public static string FamilyOf(string name) => NumbersOf().Replace(name, "");

    /// <summary>What it is trained with; empty for nothing.</summary>
    public static string RemediesOf(string name) => Contains(name) ? name.Split(Join, 2)[1] : "";

    /// <summary>In brackets those of a loss; after a colon those of a remedy, up to the next: the plus of 1e+3 is before a digit.</summary>
    [GeneratedRegex(@"\(.*?\)|:.*?(?=\+\s*[A-Za-z]|$)")]
    private static partial Regex NumbersOf();
}
