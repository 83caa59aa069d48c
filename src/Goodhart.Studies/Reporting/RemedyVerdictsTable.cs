using Goodhart.Alignment.Losses;
using Goodhart.Evaluation.Remedies;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Studies.Results;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Reporting;

/// <summary>What the remedies' papers say of them, and whether the study bears it out.</summary>
internal static class RemedyVerdictsTable
{
    public static IEnumerable<HtmlTable> Of(StudyResults results) => results.RemedyVerdicts.Count == 0 ? [] :
    [
        new HtmlTable(
            "What each paper says of its remedy, held against this study. Difference: from the loss by itself, all strengths together, "
            + "paired by prompt and seed, as in the league table, its sign such that above zero is as claimed; in brackets an interval "
            + "that holds for all effects of one model’s remedies together (95 %, t with Satterthwaite’s degrees of freedom, Bonferroni; "
            + "with one seed nothing of what tells two runs apart is in it). A soup of seeds is one model, of which nothing is decided. "
            + "Supported: the whole interval is as claimed. Not supported: the interval excludes an effect that would matter (0.02 of a "
            + "win rate, 5 % of the length). "
            + "“No lower” is supported where a loss of 0.02 is excluded, and not where the whole interval is below zero. Of several "
            + "effects all must be supported, and one that is not decides. Otherwise inconclusive.",
            [
                TableColumn.Phrase("Model, loss"), TableColumn.Text("The paper"), TableColumn.Text("Source"),
                TableColumn.Phrase("Effect"), TableColumn.Number("Difference"), TableColumn.Phrase("Verdict"),
            ],
            [.. results.RemedyVerdicts.SelectMany(Rows)]),
    ];

    /// <summary>A row per effect; the verdict on all of them stands in the first.</summary>
    private static IEnumerable<TableRow> Rows(RemedyVerdict verdict) => verdict.Effects.Select((effect, i) => new TableRow(
        [
            i == 0 ? $"{verdict.Model}, {LossNames.Display(verdict.Family)}" : "",
            i == 0 ? verdict.Says : "",
            i == 0 ? verdict.Source : "",
            Word(effect.Effect),
            effect.Difference is { } difference
                ? $"{Digits(effect, difference)} [{Digits(effect, effect.Low)}, {Digits(effect, effect.High)}]"
                : Numbers.None,
            verdict.Effects.Count == 1 ? Word(verdict.Verdict)
                : i == 0 ? $"{Word(verdict.Verdict)} ({Word(effect.Verdict)})" : $"({Word(effect.Verdict)})",
        ],
        StartsGroup: i == 0));

    /// <summary>Tokens need fewer than win rates.</summary>
    private static string Digits(TestedEffect effect, double? value) =>
        Numbers.Fixed(value, effect.Effect == ClaimedEffect.Shorter ? 2 : 3);

    private static string Word(ClaimVerdict verdict) => verdict switch
    {
        ClaimVerdict.Supported => "supported",
        ClaimVerdict.NotSupported => "not supported",
        _ => "inconclusive",
    };

    private static string Word(ClaimedEffect effect) => effect switch
    {
        ClaimedEffect.HigherBest => "higher best win rate",
        ClaimedEffect.NoLowerBest => "best win rate no lower",
        ClaimedEffect.HigherAtPeakKl => "higher at the peak’s KL",
        ClaimedEffect.SmallerFall => "smaller fall",
        ClaimedEffect.SmallerFallAtSmallBeta => "smaller fall at the smallest β",
        _ => "shorter at its best, tokens",
    };
}
