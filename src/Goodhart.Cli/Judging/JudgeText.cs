using System.Globalization;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Reports;
using Goodhart.Evaluation.Statistics;
using Goodhart.Steps.Judging;
using Goodhart.Text;
using Spectre.Console;

namespace Goodhart.Cli.Judging;

/// <summary>Judgements in words and tables.</summary>
internal static class JudgeText
{
    public static string Of(JudgeForecast forecast) => string.Create(
        CultureInfo.InvariantCulture,
        $"{N(forecast.Pairs, "pair")}, {forecast.Identical:N0} of one text: {N(forecast.Asks, "question")}, {forecast.Stored:N0} "
            + $"answered before, {N(forecast.Calls, "call")} to make: ")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"about {N(forecast.InputTokens, "token")} in, at most {forecast.OutputTokens:N0} out, {Cost(forecast)}")
        + (forecast.Stored == 0 || forecast.PaidCost is not { } paid
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; ${paid:0.00##} paid before"));

    private static string Cost(JudgeForecast forecast) => forecast.Cost is { } cost
        ? string.Create(CultureInfo.InvariantCulture, $"at most ${cost:0.00##}")
        : "cost unknown (--price-in, --price-out)";

    public static void Write(WinRateResult result, IAnsiConsole console)
    {
        Table table = Ansi.Table(
            "A", "B", "win rate of A", "95 % interval", "wins", "ties", "losses", "missing", "prompts", "sign test p", "longer wins");
        foreach (WinRateComparison comparison in result.Comparisons)
        {
            WinRate rate = comparison.WinRate;
            table.AddText(
                comparison.A, comparison.B, WithError(rate), Text(rate.Interval), Text(rate.Wins), Text(rate.Ties), Text(rate.Losses),
                Text(rate.Unparsable + rate.Refused), Text(rate.Prompts), Text(rate.SignTestP, "G3"), rate.LongerWins is { } longer
                    ? Text(longer, "P0")
                    : "");
        }

        console.Write(table);
        foreach (string line in Lines(result))
        {
            console.WriteLine(line);
        }
    }

    public static string WithError(WinRate rate) =>
        Text(rate.Rate, "0.000") + (rate.StandardError is { } error ? $" ± {Text(error, "0.000")}" : "");

    private static IEnumerable<string> Lines(WinRateResult result)
    {
        foreach (WinRateComparison comparison in result.Comparisons)
        {
            if (comparison.PromptsOnlyInA + comparison.PromptsOnlyInB > 0)
            {
                yield return $"{comparison.A}: {Quantity.Of(comparison.PromptsOnlyInA, "prompt")} without a response in {comparison.B}, "
                    + $"and {comparison.PromptsOnlyInB} the other way round, are left out.";
            }

            foreach (string remark in Remarks(comparison.A, comparison.WinRate))
            {
                yield return remark;
            }
        }

        if (result.Difference is { } difference)
        {
            yield return $"difference: {Text(difference.Difference, "+0.000;-0.000")} {Text(difference.Interval)} on "
                + $"{Quantity.Of(difference.Prompts, "prompt")}; better on {difference.FirstBetter}, worse on {difference.SecondBetter}, "
                + $"sign test p {Text(difference.P, "G3")}";
        }

        if (result.Retest is { } retest)
        {
            yield return $"asked again: {Text(retest)}";
        }

        if (result.WithOther is { } other)
        {
            yield return $"with the other judge: {Text(other)}";
        }

        foreach (string note in result.Notes)
        {
            yield return note;
        }
    }

    /// <summary>What a rate leaves out, and what the judge's favourite place is.</summary>
    public static IEnumerable<string> Remarks(string name, WinRate rate)
    {
        if (rate.Unparsable + rate.Refused > 0)
        {
            yield return $"{name}: {Quantity.Of(rate.Unparsable, "reply", "replies")} could not be read and {rate.Refused} "
                + $"{Quantity.Noun(rate.Refused, "was", "were")} refused; they are in no rate."
                + (rate.FirstRefusal is { } why ? $" The first refusal: {why}" : "");
        }

        if (rate.Position is { } position)
        {
            yield return $"{name}, position: the first response won {Text(position.FirstWins, "P1")} {Text(position.Interval)} of "
                + $"{Quantity.Of(position.Verdicts, "verdict")} (p {Text(position.P, "G3")} against a half)"
                + (position.Inconsistent is { } share ? $"; {Text(share, "P1")} of pairs change with the order" : "");
        }
    }

    private static string Text(Agreement agreement) =>
        $"{Text(agreement.Share, "P1")} {Text(agreement.Interval)} of {Quantity.Of(agreement.Pairs, "outcome")} agree, "
        + (agreement.Kappa is { } kappa
            ? $"kappa {Text(kappa, "0.000")} {Text(agreement.KappaInterval)}"
            : "kappa is not defined: all outcomes are the same");

    private static string N(long count, string noun) => Quantity.Of(count, noun, format: "N0");

    private static string Text(ConfidenceInterval? interval) => interval is { } known
        ? $"[{Text(known.Low, "0.000")}, {Text(known.High, "0.000")}]"
        : "";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Text(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
