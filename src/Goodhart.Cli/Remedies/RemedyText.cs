using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Spectre.Console;

namespace Goodhart.Cli.Remedies;

/// <summary>Remedies for a terminal.</summary>
internal static class RemedyText
{
    public static void WriteTable(TextWriter output)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("name").NoWrap());
        table.AddColumn("of the");
        table.AddColumn("what it changes");
        table.AddColumn("source");
        foreach (RemedyEntry entry in RemedyCatalogue.All)
        {
            table.AddText(entry.Name, entry.Kind, entry.Formula, entry.Source);
        }

        Ansi.On(output).Write(table);
        output.WriteLine(
            "For any loss on pairs: `goodhart align MODEL PAIRS --loss NAME --remedy NAME:PARAMETER=VALUE --out DIR`, at most one "
                + "of each kind; of the pairs themselves and the trained weights in a study alone, as align.remedies.");
        output.WriteLine("All there is to say of one: `goodhart remedies NAME`. Losses that are remedies themselves: `goodhart losses`.");
    }

    public static void WriteDetails(RemedyEntry entry, TextWriter output)
    {
        output.WriteLine($"{entry.Name}: {entry.Meaning}");
        Line("changes", entry.Formula);
        Line("kind", $"{entry.Kind}; at most one remedy of a kind in a run");
        Line("source", entry.Source);
        Line(
            "elsewhere",
            entry.Elsewhere.Count == 0
                ? "in no other tool that we know"
                : string.Join("; ", entry.Elsewhere.Select(other => $"{other.Tool}: {other.Name}")));
        if (entry.Claim is { } claim)
        {
            Line("claim", $"{claim.Says} ({claim.Source})");
        }

        Line("needs", entry.NeedsReferenceModel ? "the reference's model at every update" : "no more than the loss");
        foreach (LossParameter parameter in entry.Parameters)
        {
            Line(parameter.Name, FormattableString.Invariant($"{parameter.Meaning}; {parameter.Range.Text}; default {parameter.Default}"));
        }

        foreach (string note in entry.Notes)
        {
            Line("note", note);
        }

        string numbers = string.Join(',', entry.Parameters.Select(
            parameter => FormattableString.Invariant($"{parameter.Name}={parameter.Default}")));
        string text = $"{entry.Name}{(numbers.Length == 0 ? "" : $":{numbers}")}";
        Line("use", entry.IsOfStudies
            ? $"goodhart study STUDY --set 'align.remedies=[\"{text}\"]'"
            : $"goodhart align MODEL PAIRS --out DIR --remedy {text}");

        void Line(string name, string text) => output.WriteLine($"  {name,-18} {text}");
    }
}
