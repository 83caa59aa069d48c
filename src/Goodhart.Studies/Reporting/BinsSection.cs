using System.Xml.Linq;
using Goodhart.Evaluation.Points;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Figures;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Reporting;

/// <summary>Mean win rate by √KL bin and size, over all losses, β, seeds and checkpoints: the hump as a table.</summary>
internal static class BinsSection
{
    private const int Few = 5;

    private static readonly double[] Edges = [0, 0.4, 0.7, 1, 1.4, 1.8, 2.2, 2.7, double.PositiveInfinity];

    public static Section? Build(StudyResults results)
    {
        if (!JudgedPoints.Any(results))
        {
            return null;
        }

        StudyOrder order = new StudyOrder(results);
        List<string> models = order.Models.Where(m => results.Points.Any(p => p.Model == m && p.Loss.Length > 0)).ToList();
        if (models.Count == 0)
        {
            return null;
        }

        TableColumn[] columns = [TableColumn.Text("Model"), TableColumn.Number("SFT"),
            .. Enumerable.Range(0, Edges.Length - 1).Select(k => TableColumn.Number(Name(k)))];
        HtmlTable table = new HtmlTable(
            $"Mean win rate by √KL (number of checkpoints in brackets; grey: fewer than {Few}). Bold: the best bin with {Few} or more.",
            columns,
            [.. models.Select(m => Row(m, results.Points.Where(p => p.Model == m).ToList()))]);
        return new Section("bins", "Win rate by √KL", [table.Render()]);
    }

    private static string Name(int bin) => bin switch
    {
        0 => "< " + Numbers.Setting(Edges[1]),
        _ when double.IsInfinity(Edges[bin + 1]) => "> " + Numbers.Setting(Edges[bin]),
        _ => $"{Numbers.Setting(Edges[bin])}–{Numbers.Setting(Edges[bin + 1])}",
    };

    private static TableRow Row(string model, List<CheckpointPoint> points)
    {
        List<List<double>> bins = Enumerable.Range(0, Edges.Length - 1)
            .Select(
                k => points.Where(p => p.Loss.Length > 0 && p.SqrtKl >= Edges[k] && p.SqrtKl < Edges[k + 1])
                    .Where(p => p.WinRate is not null)
                .Select(JudgedPoints.WinRateOf)
                .ToList())
            .ToList();
        double best = bins.Where(b => b.Count >= Few).Select(b => b.Average()).DefaultIfEmpty(double.NaN).Max();
        CheckpointPoint? sft = points.FirstOrDefault(p => p.Loss.Length == 0);
        return new TableRow([model, sft is null ? Numbers.None : Numbers.Fixed(sft.WinRate, 3), .. bins.Select(b => Cell(b, best))]);
    }

    private static object Cell(List<double> bin, double best)
    {
        if (bin.Count == 0)
        {
            return Numbers.None;
        }

        double mean = bin.Average();
        string text = Numbers.Fixed(mean, 3);
        XElement count = Html.Element("span", "muted", $" ({bin.Count})");
        object value = bin.Count < Few ? Html.Element("span", "muted", text) : mean == best ? new XElement("strong", text) : text;
        return new[] { value, count };
    }
}
