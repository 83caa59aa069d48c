using Goodhart.Alignment.Losses;
using Spectre.Console;

namespace Goodhart.Cli.Losses;

/// <summary>Losses for a terminal.</summary>
internal static class LossText
{
    public static void WriteTable(TextWriter output)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("name").NoWrap());
        table.AddColumn("a row's term");
        table.AddColumn("source");
        table.AddColumn("elsewhere");
        foreach (LossEntry entry in LossCatalogue.All)
        {
            table.AddText(entry.Name, entry.Formula, entry.Source, Elsewhere(entry));
        }

        Ansi.On(output).Write(table);
        output.WriteLine(
            "Δ = the chosen minus the rejected response's log π/π_ref, summed over tokens; y_w chosen, y_l rejected, |y| tokens with EOS.");
        output.WriteLine(
            "A row is a pair; of kto a response with a label. Any loss on pairs with an NLL term: --nll-weight. All there is to say of "
                + "one: `goodhart losses NAME`.");
    }

    public static void WriteDetails(LossEntry entry, TextWriter output)
    {
        output.WriteLine($"{entry.Name}: {entry.Meaning}");
        Line("term", entry.Formula);
        Line("source", entry.Source);
        Line("elsewhere", entry.Elsewhere.Count == 0 ? "in no other tool that we know" : Elsewhere(entry));
        Line(
            "needs",
            (entry.NeedsReference ? "a reference" : "no reference") + (entry.CouplesBatch ? "; a row's term depends on its batch" : "")
            + (entry.IsOnPairs ? "" : "; single responses with labels in place of pairs"));
        Line("β", FormattableString.Invariant($"{entry.BetaMeaning}; default {entry.UsualBeta}"));
        foreach (LossParameter parameter in entry.Parameters)
        {
            Line(parameter.Name, FormattableString.Invariant($"{parameter.Meaning}; {parameter.Range.Text}; default {parameter.Default}"));
        }

        foreach (string conversion in entry.Conversions)
        {
            Line("note", conversion);
        }

        string more = string.Concat(entry.Parameters.Select(
            parameter => FormattableString.Invariant($" --loss-parameter {parameter.Name}={parameter.Default}")));
        Line("use", FormattableString.Invariant($"goodhart align MODEL DATA --out DIR --loss {entry.Name} --beta {entry.UsualBeta}{more}"));

        void Line(string name, string text) => output.WriteLine($"  {name,-18} {text}");
    }

    private static string Elsewhere(LossEntry entry) => string.Join(
        "; ",
        entry.Elsewhere.GroupBy(other => other.Tool).Select(tool => $"{tool.Key}: {string.Join(", ", tool.Select(other => other.Name))}"));
}
