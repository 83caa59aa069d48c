using System.Xml.Linq;
using Goodhart.Evaluation.Points;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Reporting;

/// <summary>The models before alignment: size, and how well the SFT model names each slot of a post.</summary>
internal static class ModelsSection
{
    public static Section? Build(StudyResults results)
    {
        List<ModelSummary> models = results.Study.Models.OrderBy(m => m.NonEmbedding).ToList();
        if (models.Count == 0)
        {
            return null;
        }

        List<string> slots = models.SelectMany(m => m.SlotAccuracy.Keys).Distinct().ToList();
        TableColumn[] columns =
        [
            TableColumn.Text("Model"), TableColumn.Number("Parameters"), TableColumn.Number("Non-embedding"),
            TableColumn.Number("SFT win rate"), TableColumn.Number("SFT length"),
            .. slots.Select(s => TableColumn.Number(s)),
        ];
        string caption = "Sizes, and the SFT models before alignment."
            + (slots.Count == 0 ? string.Empty : " Right: share of named slots that the SFT model’s samples name correctly, by slot.");
        return new Section(
            "models", "Models",
            [
                new HtmlTable(caption, columns, [.. models.Select(m => Row(results, m, slots))]).Render(),
                .. results.RewardModels.Count == 0 ? [] : (XElement[])[Rewards(results)],
            ]);
    }

    private static XElement Rewards(StudyResults results) => new HtmlTable(
        "Reward models of PPO and best-of-n, on held-out pairs: accuracy ± one standard error over pairs, loss (log 2 knows nothing) and "
            + "expected "
        + "calibration error. A proxy is worth no more than this.",
        [
            TableColumn.Text("Model"), TableColumn.Number("Seed"), TableColumn.Number("Accuracy"), TableColumn.Number("Loss, nats"),
            TableColumn.Number("Calibration error"),
        ],
        [
            .. results.RewardModels.Select(reward => new TableRow(
            [
                reward.Model, Numbers.Setting(reward.Seed),
                Numbers.WithError(reward.HeldOut.Accuracy.Mean, reward.HeldOut.Accuracy.StandardError),
                Numbers.Fixed(reward.HeldOut.Loss, 4), Numbers.Fixed(reward.HeldOut.ExpectedCalibrationError, 3),
            ])),
        ]).Render();

    private static TableRow Row(StudyResults results, ModelSummary model, List<string> slots)
    {
        CheckpointPoint? sft = results.Points.FirstOrDefault(p => p.Model == model.Name && p.Loss.Length == 0);
        return new TableRow(
        [
            model.Name,
            Numbers.Count(model.Parameters),
            Numbers.Count(model.NonEmbedding),
            Numbers.WithError(sft?.WinRate, sft?.WinRateSe),
            Numbers.Fixed(sft?.Length, 1),
            .. slots.Select(s => model.SlotAccuracy.TryGetValue(s, out double accuracy) ? Numbers.Fixed(accuracy, 2) : Numbers.None),
        ]);
    }
}
