using System.Reflection;
using System.Text.Json;
using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Report.Text;

namespace Goodhart.Steps.Runs;

/// <summary>evaluation.csv: a row per checkpoint, columns named as in points.csv. A value that was not measured is an empty cell.</summary>
internal static class EvaluationFile
{
    public const string Name = "evaluation.csv";

    private static readonly PropertyInfo[] Measured = Array.ConvertAll<string, PropertyInfo>(
        [
            nameof(CheckpointPoint.Kl), nameof(CheckpointPoint.KlSe), nameof(CheckpointPoint.KlK1), nameof(CheckpointPoint.KlK1Se),
            nameof(CheckpointPoint.SqrtKl), nameof(CheckpointPoint.Length), nameof(CheckpointPoint.LengthSe),
            nameof(CheckpointPoint.EosRate), nameof(CheckpointPoint.Repetition), nameof(CheckpointPoint.ForwardKl),
            nameof(CheckpointPoint.ForwardKlSe), nameof(CheckpointPoint.LossValue), nameof(CheckpointPoint.Accuracy),
            nameof(CheckpointPoint.Margin), nameof(CheckpointPoint.LogProbChosen), nameof(CheckpointPoint.LogProbRejected),
            nameof(CheckpointPoint.RewardChosen), nameof(CheckpointPoint.RewardRejected), nameof(CheckpointPoint.Entropy),
            nameof(CheckpointPoint.MarginSpread),
        ],
        name => typeof(CheckpointPoint).GetProperty(name)!);

    public static void Write(string directory, IReadOnlyList<EvaluatedFolder> rows) => AtomicFile.WriteAllText(
        Path.Combine(directory, Name),
        new CsvTable(
            ["checkpoint", "step", .. Measured.Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))],
            [.. rows.Select(Row)]).Write());

    private static object?[] Row(EvaluatedFolder row)
    {
        CheckpointPoint point = row.Measures.AddTo(new CheckpointPoint { Loss = "", Model = "", Kl = 0 });
        return [row.Checkpoint, row.Step, .. Measured.Select(property => property.GetValue(point))];
    }
}
