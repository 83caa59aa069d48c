using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Goodhart.Studies.Figures;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;
using Xunit;

namespace Goodhart.Studies.Tests.Figures;

public sealed class FirstScreenTests
{
    [Fact]
    public void The_first_screen_tells_what_happened_shows_figure_1_and_folds_the_claims()
    {
        XElement summary = Section(GridStudy.Results, "summary");
        List<XElement> parts = [.. summary.Elements()];

        Assert.Equal(["h2", "p", "div"], parts.Take(3).Select(e => e.Name.LocalName));
        Assert.Equal("figure1", parts[2].Attribute("id")!.Value);
        CheckpointPoint best = GridStudy.Results.Points.Where(p => p.Loss.Length > 0).MaxBy(p => p.WinRate)!;
        Assert.Contains(best.WinRate!.Value.ToString("F3", CultureInfo.InvariantCulture), parts[1].Value, StringComparison.Ordinal);
        Assert.Contains("(SFT)", parts[1].Value, StringComparison.Ordinal);
        Assert.Equal("findings", summary.Element("ol")!.Attribute("class")!.Value);
        Assert.InRange(summary.Element("ol")!.Elements().Count(), 2, 5);
        Assert.All(summary.Element("ol")!.Elements(), finding => Assert.Single(finding.Elements("a")));

        List<XElement> bars = [.. summary.Descendants("span").Where(s => s.Attribute("class")?.Value == "bar")];
        Assert.Equal(PaperSections.Of(GridStudy.Results.Claims).Count, bars.Count);
        Assert.Equal(
            GridStudy.Results.Claims.Count,
            bars.Elements().Sum(part => int.Parse(part.Attribute("style")!.Value["flex-grow: ".Length..], CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData(Verdict.Supported, "Quality rose and then fell, beyond chance in 2 of 2")]
    [InlineData(Verdict.Contradicted, "Quality did not fall past a peak in any of 2")]
    [InlineData(Verdict.Inconclusive, "Whether quality fell past a peak is open in all 2")]
    public void The_headline_follows_from_the_verdicts(Verdict verdict, string expected)
    {
        Claim hump = GridStudy.Results.Claims[0] with { Verdict = verdict };
        StudyResults results = GridStudy.Results with { Claims = [hump with { Id = "hump/dpo/M" }, hump with { Id = "hump/ipo/M" }] };

        Assert.StartsWith(expected, Headline(results), StringComparison.Ordinal);
    }

    [Fact]
    public void Mixed_verdicts_are_told_both_and_no_judge_is_said()
    {
        Claim hump = GridStudy.Results.Claims[0];
        StudyResults mixed = GridStudy.Results with
        {
            Claims =
            [
                hump with { Id = "hump/dpo/M", Verdict = Verdict.Supported },
                hump with { Id = "hump/ipo/M", Verdict = Verdict.Contradicted },
                hump with { Id = "hump/slic/M", Verdict = Verdict.Inconclusive },
            ],
        };
        Assert.StartsWith(
            "Quality rose and then fell in 1 of 3 loss × size groups, and did not in 1", Headline(mixed), StringComparison.Ordinal);

        StudyResults unjudged = GridStudy.Results with { Points = [.. GridStudy.Results.Points.Select(p => p with { WinRate = null })] };
        Assert.StartsWith("No aligned checkpoint has a win rate", Headline(unjudged), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("so (section 3.1, figure 1).", "3.1 Over-optimization")]
    [InlineData("so (sections 3.5 and 4).", "3.5 Likelihoods")]
    [InlineData("so (section 4).", "4 Out of distribution, the tree")]
    [InlineData("so (appendix C, figure 8).", "Appendix C, epochs and likelihoods")]
    [InlineData("so.", "The paper as a whole")]
    public void A_claim_stands_where_the_paper_makes_it(string paper, string title)
    {
        Assert.Equal(title, PaperSections.TitleOf(GridStudy.Results.Claims[0] with { Paper = paper }));
    }

    [Fact]
    public void The_contents_have_one_level()
    {
        XElement contents = Parse(GridStudy.Results).Descendants("nav").Single();
        Assert.Single(contents.Descendants("ol"));
        Assert.InRange(contents.Descendants("li").Count(), 5, 20);
    }

    [Fact]
    public void A_collapsed_run_does_not_squeeze_figure_1_and_is_told()
    {
        CheckpointPoint far = GridStudy.Results.Points.First(p => p is { Loss: "dpo", Model: "M", Fraction: 1 }) with
        {
            Beta = 0.001,
            Kl = 81,
            WinRate = 0.02,
        };
        StudyResults near = GridStudy.Where(p => p.Loss is "" or "dpo");
        FigureBlock figure = StudyFigures.Build(near with { Points = [.. near.Points, far] })[0];

        Assert.InRange(figure.Figure.Columns[0].X.High, 0, 6.5);
        Assert.DoesNotContain(
            figure.Figure.Rows.SelectMany(r => r.Panels).SelectMany(p => p.Marks).OfType<PointMark>().SelectMany(m => m.Points),
            p => p.X > 6);
        Assert.Contains("Not drawn, for √KL above 6 with any seed: 1 checkpoint (M, DPO, β 0.001", figure.Caption, StringComparison.Ordinal);
        Assert.Contains(figure.Data.Rows, row => row.Contains(9.0));
        Assert.DoesNotContain("Not drawn", StudyFigures.Build(near)[0].Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_that_lies_far_out_with_one_seed_is_left_out_with_all()
    {
        StudyResults near = GridStudy.Where(p => p.Loss is "" or "dpo");
        CheckpointPoint one = near.Points.First(p => p is { Loss: "dpo", Model: "M", Beta: 0.1, Fraction: 1 });
        CheckpointPoint far = one with { Seed = 1, Kl = 49 };
        FigureBlock figure = StudyFigures.Build(near with { Points = [.. near.Points, far] })[0];

        Assert.Contains("Not drawn, for √KL above 6 with any seed: 2 checkpoints (M, DPO, β 0.1", figure.Caption, StringComparison.Ordinal);
        Assert.DoesNotContain(
            figure.Figure.Rows.SelectMany(r => r.Panels).SelectMany(p => p.Marks).OfType<PointMark>().SelectMany(m => m.Points),
            p => Math.Abs(p.X - one.SqrtKl) < 1e-9 && Math.Abs(p.Y - one.WinRate!.Value) < 1e-9);
    }

    [Fact]
    public void Both_scales_of_the_law_are_drawn_side_by_side()
    {
        ScalingLawFit printed = GridStudy.Results.Fits.First(f => f is { Group: "dpo/M", Law: "gao", Intercept: "sft" });
        ScalingLawFit logit = printed with { Law = "gao-logit" };

        FigureBlock figure = StudyFigures.Build(GridStudy.Results with { Fits = [printed, logit] }).Single(f => f.Figure.Id == "laws");

        Panel panel = Assert.Single(Assert.Single(figure.Figure.Rows).Panels);
        ChartPoint dotted = Assert.Single(panel.Marks.OfType<DottedCurve>()).Points[40];
        ChartPoint line = Assert.Single(panel.Marks.OfType<LineMark>()).Points[40];
        Assert.Equal(dotted.X, line.X);
        double start = Math.Log(printed.InterceptValue / (1 - printed.InterceptValue));
        Assert.Equal(1 / (1 + Math.Exp(-(start + dotted.Y - printed.InterceptValue))), line.Y, 9);
    }

    private static string Headline(StudyResults results) => Section(results, "summary").Element("p")!.Value;

    private static XElement Section(StudyResults results, string id) =>
        Parse(results).Descendants("section").Single(s => s.Attribute("id")?.Value == id);

    private static XElement Parse(StudyResults results)
    {
        using XmlReader reader = XmlReader.Create(
            new StringReader(StudyReport.Render(results)), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader).Root!;
    }
}
