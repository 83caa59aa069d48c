using Goodhart.Evaluation.Points;
using Goodhart.Report.Charts;
using Goodhart.Report.Drawing;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Figures;

/// <summary>The order, colours and markers of a study's models, losses and β: the same in every figure and table.</summary>
/// <remarks>Taken from the study's description and completed from its points, so that a partial study draws too.</remarks>
public sealed class StudyOrder
{
    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.Circle, MarkerShape.Square, MarkerShape.Triangle, MarkerShape.Diamond, MarkerShape.TriangleDown, MarkerShape.Pentagon,
        MarkerShape.Cross,
    ];

    public StudyOrder(StudyResults results)
    {
        IReadOnlyList<CheckpointPoint> points = results.Points;
        Models = [.. results.Study.Models.OrderBy(m => m.NonEmbedding).Select(m => m.Name).Concat(points.Select(p => p.Model)).Distinct()];
        Losses = [.. results.Study.Losses.Concat(points.Select(p => p.Loss)).Where(l => l.Length > 0).Distinct()];
        Betas =
        [
            .. results.Study.Betas.Concat(points.Where(p => !RlhfMethods.Contains(p.Loss)).Select(p => p.Beta).OfType<double>())
                .Distinct().Order(),
        ];
    }

    /// <summary>Small to large.</summary>
    public IReadOnlyList<string> Models { get; }

    public IReadOnlyList<string> Losses { get; }

    /// <summary>Ascending: from the largest KL budget to the smallest.</summary>
    public IReadOnlyList<double> Betas { get; }

    public Ink InkOf(string model) => Palette.Series(IndexOf(Models, model));

    public MarkerShape ShapeOf(string model) => Shapes[IndexOf(Models, model) % Shapes.Length];

    /// <summary>The smallest β, which lets the policy go furthest, is the warm end of the ramp.</summary>
    public Ink InkOf(double beta) => Palette.Ramp(Betas.Count - 1 - IndexOf(Betas, beta), Betas.Count);

    public MarkerShape ShapeOf(double beta) => Shapes[IndexOf(Betas, beta) % Shapes.Length];

    /// <summary>Sorts points as the tables list them: model, loss, β, seed, fraction; SFT models first.</summary>
    public IEnumerable<CheckpointPoint> Sort(IEnumerable<CheckpointPoint> points) => points
        .OrderBy(p => IndexOf(Models, p.Model))
        .ThenBy(p => p.Loss.Length == 0 ? -1 : IndexOf(Losses, p.Loss))
        .ThenBy(p => p.Beta ?? 0)
        .ThenBy(p => p.Seed)
        .ThenBy(p => p.Fraction);

    /// <summary>A group such as dpo/M sorts by loss, then by model; unknown names come last.</summary>
    public (int Loss, int Model) RankOf(string group)
    {
        string[] parts = group.Split('/');
        return (RankIn(Losses, parts[0]), parts.Length > 1 ? RankIn(Models, parts[1]) : -1);
    }

    private static int RankIn(IReadOnlyList<string> list, string item)
    {
        int index = list.ToList().IndexOf(item);
        return index < 0 ? list.Count : index;
    }

    private static int IndexOf<T>(IReadOnlyList<T> list, T item)
    {
        int index = list.ToList().IndexOf(item);
        return index >= 0 ? index : throw new ArgumentException($"Expected one of {string.Join(", ", list)}, found {item}.");
    }
}
