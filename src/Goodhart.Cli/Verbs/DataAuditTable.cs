using Goodhart.Text;
using Goodhart.Text.Audit;
using Goodhart.Text.Datasets;
using Goodhart.Text.Truncation;
using Spectre.Console;

namespace Goodhart.Cli.Verbs;

/// <summary>An audit on a terminal.</summary>
internal static class DataAuditTable
{
    public static void Write(DatasetAudit audit, TextWriter output)
    {
        output.WriteLine($"{audit.File}: {audit.Format}; {audit.Shape}");
        output.WriteLine($"{Quantity.Of(audit.Rows, "row")}, {FormattableString.Invariant($"{audit.Used}")} used");
        foreach ((SkipReason reason, int count) in audit.Skipped)
        {
            output.WriteLine(FormattableString.Invariant($"{count} skipped: {reason.Phrase()}"));
        }

        foreach (BadRowCount bad in audit.BadRows)
        {
            output.WriteLine($"{bad}");
        }

        foreach (BadRowCount bad in audit.BadMargins)
        {
            output.WriteLine(bad.AsMargin);
        }

        if (audit.Unused.Count > 0)
        {
            output.WriteLine($"columns not used: {string.Join(", ", audit.Unused)}");
        }

        IAnsiConsole console = Ansi.On(output);
        if (audit.Used > 0)
        {
            console.Write(Lengths(audit));
            console.Write(Checks(audit));
        }

        if (audit.Budgets.Count > 0)
        {
            output.WriteLine($"with a budget of {audit.Budgets[0].Budget}:");
            console.Write(Budgets(audit.Budgets));
        }
    }

    private static Table Lengths(DatasetAudit audit)
    {
        Table table = Ansi.Table(audit.Unit, "mean", "min", "5 %", "median", "95 %", "99 %", "max");
        foreach ((string column, LengthSummary lengths) in audit.Lengths)
        {
            table.AddText(
                column,
                Number(lengths.Mean),
                Number(lengths.Min),
                Number(lengths.P5),
                Number(lengths.Median),
                Number(lengths.P95),
                Number(lengths.P99),
                Number(lengths.Max));
        }

        return table;
    }

    private static Table Checks(DatasetAudit audit)
    {
        Table table = Ansi.Table("check", "found", "meaning");
        PromptAudit prompts = audit.Prompts;
        string repeated = $"{Quantity.Of(prompts.Repeated, "row")} {Quantity.Noun(prompts.Repeated, "repeats", "repeat")} an earlier "
            + "row's prompt";
        table.AddText("different prompts", Number(prompts.Distinct), repeated);
        table.AddText("continued prompts", Number(prompts.Continued), "go on from another row's prompt: a dialogue cut at several turns");
        table.AddText("empty prompts", Number(prompts.Empty), "");
        table.AddText("prompts end with", Counts(prompts.Cues), "a cue, which a cut at the prompt's end would lose");
        table.AddText("empty responses", Number(audit.EmptyResponses), "");
        table.AddText("duplicate rows", Number(audit.DuplicateRows), "prompt and responses as in an earlier row");
        if (audit.Preferences is { } pairs)
        {
            table.AddText("equal responses", Number(pairs.EqualResponses), "nothing to learn from");
            table.AddText("contradictions", Number(pairs.Contradictions), "an earlier row has the pair with the labels turned round");
            string differ = FormattableString.Invariant($"of pairs whose lengths differ; {pairs.SameLength} do not");
            table.AddText("longer is chosen", Share(pairs.Longer), differ);
            table.AddText("chosen minus rejected", Number(pairs.MeanLengthDifference), $"{audit.Unit}, mean");
        }

        if (audit.Labels is { } labels)
        {
            table.AddText(
                "desirable",
                Share(labels.Desirable),
                $"{Quantity.Of(labels.Desirable.Count, "row")}; {Quantity.Of(labels.Undesirable, "is", "are")} undesirable");
            table.AddText("contradictions", Number(labels.Contradictions), "an earlier row has the response with the other label");
            table.AddText("mixed prompts", Number(labels.MixedPrompts), "have responses of both labels");
        }

        if (audit.Overlap is { } overlap)
        {
            table.AddText(
                "shared prompts",
                Number(overlap.SharedPrompts),
                FormattableString.Invariant($"of {overlap.OtherPrompts} in {overlap.File}; {Quantity.Of(overlap.Rows, "row")} here ")
                    + FormattableString.Invariant($"{Quantity.Noun(overlap.Rows, "has", "have")} one"));
            table.AddText("of one dialogue", Number(overlap.ContinuedPrompts), "further prompts here that begin, or go on from, one there");
        }

        return table;
    }

    private static Table Budgets(IReadOnlyList<TruncationReport> reports)
    {
        Table table = Ansi.Table("policy", "kept", "dropped", "prompts cut", "responses cut", "tokens lost", "EOS lost", "cues lost");
        foreach (TruncationReport report in reports)
        {
            table.AddText(
                report.Policy,
                Number(report.Rows - report.Dropped),
                Number(report.Dropped),
                Number(report.PromptsCut),
                Number(report.ResponsesCut),
                Number(report.PromptTokensLost + report.ResponseTokensLost),
                Number(report.EosLost),
                Counts(report.CuesLost));
        }

        return table;
    }

    private static string Counts(IReadOnlyDictionary<string, int> counts) => counts.Count == 0
        ? "-"
        : string.Join(
            ", ",
            from entry in counts.OrderByDescending(entry => entry.Value).Take(3)
            select FormattableString.Invariant($"'{entry.Key}' {entry.Value}"));

    private static string Share(ShareOf share) => share.Of == 0
        ? "-"
        : FormattableString.Invariant($"{100 * share.Share:0.#} % ({100 * share.Low:0.#} to {100 * share.High:0.#})");

    private static string Number(double value) => FormattableString.Invariant($"{value:0.#}");
}
