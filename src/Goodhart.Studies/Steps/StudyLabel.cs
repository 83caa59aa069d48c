using Goodhart.Alignment.Losses;

namespace Goodhart.Studies.Steps;

internal static class StudyLabel
{
    public static string Of(PreferenceLoss loss) => loss is DirectAlignmentLoss direct
        ? FormattableString.Invariant($"{loss.Name} β={direct.Beta}")
        : loss.Name;
}
