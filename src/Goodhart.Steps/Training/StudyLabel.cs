using Goodhart.Alignment.Losses;

namespace Goodhart.Steps.Training;

public static class StudyLabel
{
    public static string Of(AlignmentLoss loss) => FormattableString.Invariant($"{loss.Name} β={loss.Beta}")
        + string.Concat(loss.Parameters.Select(parameter => FormattableString.Invariant($" {parameter.Key}={parameter.Value}")));
}
