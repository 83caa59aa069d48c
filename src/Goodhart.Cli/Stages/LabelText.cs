using Goodhart.Alignment.Losses;
using Goodhart.Steps.Rows;
using Goodhart.Text;

namespace Goodhart.Cli.Stages;

/// <summary>What KTO was trained on, in a line, and what its weights should have been.</summary>
internal static class LabelText
{
    // TRL warns outside of these, after Eq. (8) of the KTO paper.
    private const double Least = 1;
    private const double Most = 4.0 / 3;

    public static string Of(ResponseLabels labels, KtoLoss loss)
    {
        string counts = FormattableString.Invariant($"{labels.Desirable} desirable and ")
            + FormattableString.Invariant($"{Quantity.Of(labels.Undesirable, "undesirable response")}");
        return labels.Balance(loss) is not { } balance ? $"{counts}: kto needs both, the policy has only been moved one way"
            : balance >= Least - 1e-9 && balance <= Most + 1e-9 ? counts
            : counts + FormattableString.Invariant($"; weighted they stand {balance:G3} to 1, where the paper advises 1 to 1.33: ")
                + FormattableString.Invariant($"--loss-parameter desirable-weight={loss.DesirableWeight / balance:G3}");
    }
}
