using System.Xml.Linq;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>What the policies write: for each prompt the data set's response and samples at low, best and high KL, side by side.</summary>
internal static class SamplesSection
{
    public static Section? Build(StudyResults results)
    {
        if (results.Samples.Count == 0)
        {
            return null;
        }

        XElement note = Html.Paragraph("Held-out prompts, answered by the SFT model and by policies at "
            + (results.Samples.Any(sample => sample.ReferenceGold is not null)
                ? "low, best and high KL. Gold is the true reward of a response."
                : "different KL."));
        return new Section("samples", "Samples", [note, .. results.Samples.Select(Example)]);
    }

    private static XElement Example(SampleComparison sample, int index)
    {
        string id = $"sample-{index + 1}";
        return Html.Element(
            "article",
            "example",
            new XAttribute("id", id),
            Html.Heading(3, id, $"Prompt {index + 1}, model {sample.Model}"),
            Html.Element("div", "post", new XElement("h4", "Post"), Html.Paragraph(sample.Prompt)),
            Html.Element(
                "div",
                "samples",
                Card("Reference summary", "from the data set", sample.Reference, sample.ReferenceGold),
                sample.Columns.Select(c => Card(c.Heading, Origin(c), c.Response, c.Gold))));
    }

    private static string Origin(SampleColumn column)
    {
        if (column.Loss.Length == 0)
        {
            return "before alignment";
        }

        return $"{LossNames.Display(column.Loss)}, β {Numbers.Setting(column.Beta)}, {Numbers.Percent(column.Fraction)} of the epoch, "
            + $"√KL {Numbers.Fixed(column.SqrtKl, 2)}";
    }

    private static XElement Card(string heading, string origin, string response, double? gold) => Html.Element(
        "div",
        "sample",
        new XElement("h4", heading),
        Html.Element("p", "small muted", origin),
        response.Length == 0 ? Html.Element("p", "muted", "(empty response)") : Html.Paragraph(response),
        gold is null ? null : Html.Element("p", "small", $"gold {Numbers.Fixed(gold, 2)}"));
}
