using Goodhart.Pipeline;
using Goodhart.Report.Text;
using Goodhart.Steps.Measuring;

namespace Goodhart.Steps.Runs;

/// <summary>evaluation.csv: a row per checkpoint, columns named as in points.csv. A value that was not measured is an empty cell.</summary>
internal static class EvaluationFile
{
    public const string Name = "evaluation.csv";

    private static readonly (string Name, Func<EvaluatedFolder, object?> Value)[] Columns =
    [
        ("checkpoint", row => row.Checkpoint),
        ("step", row => row.Step),
        ("kl", row => row.Measures.Kl.Mean),
        ("klSe", row => row.Measures.Kl.StandardError),
        ("klK1", row => row.Measures.KlK1.Mean),
        ("klK1Se", row => row.Measures.KlK1.StandardError),
        ("sqrtKl", row => Math.Sqrt(Math.Max(0, row.Measures.Kl.Mean))),
        ("length", row => row.Measures.Length.Mean),
        ("lengthSe", row => row.Measures.Length.StandardError),
        ("eosRate", row => row.Measures.EosRate),
        ("repetition", row => row.Measures.Repetition),
        Pairs("forwardKl", pairs => pairs.ForwardKl),
        Pairs("forwardKlSe", pairs => pairs.ForwardKlSe),
        Pairs("lossValue", pairs => pairs.LossValue),
        Pairs("accuracy", pairs => pairs.Accuracy),
        Pairs("margin", pairs => pairs.Margin),
        Pairs("logProbChosen", pairs => pairs.LogProbChosen),
        Pairs("logProbRejected", pairs => pairs.LogProbRejected),
        Pairs("rewardChosen", pairs => pairs.RewardChosen),
        Pairs("rewardRejected", pairs => pairs.RewardRejected),
    ];

    public static void Write(string directory, IReadOnlyList<EvaluatedFolder> rows) => AtomicFile.WriteAllText(
        Path.Combine(directory, Name),
        new CsvTable(
            [.. Columns.Select(column => column.Name)],
            [.. rows.Select(row => Columns.Select(column => column.Value(row)).ToArray())]).Write());

    private static (string, Func<EvaluatedFolder, object?>) Pairs(string name, Func<HeldOutMeasures, double?> value) =>
        (name, row => row.Measures.Pairs is { } pairs ? value(pairs) : null);
}
