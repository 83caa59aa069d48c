using System.CommandLine;
using Goodhart.Alignment.Remedies;
using Goodhart.Cli.Parsing;

namespace Goodhart.Cli.Stages;

/// <summary>What a loss is trained with: NAME or NAME:PARAMETER=VALUE,..., as often as there are kinds.</summary>
internal sealed class RemedyOption
{
    private const string Example = "--remedy is-daa:epsilon=0.5";

    public Option<string[]> Option { get; } = new("--remedy")
    {
        Description =
            "What the loss is trained with against over-optimization, such as wpo or tr-dpo:alpha=0.6,every=100; repeat it for more, "
            + "one of each kind. `goodhart remedies` describes them.",
        DefaultValueFactory = _ => [],
        HelpName = "NAME[:PARAMETER=VALUE,...]",
    };

    /// <exception cref="ArgumentException">No such remedy or parameter, a value out of its range, or a text of another form.</exception>
    public IReadOnlyList<Remedy> Of(ParseResult parse) => [.. parse.GetValue(Option)!.Select(Read)];

    private static Remedy Read(string text)
    {
        string[] parts = text.Split(':', 2, StringSplitOptions.TrimEntries);
        Dictionary<string, double> values = [];
        foreach (string entry in parts.Length == 1 ? [] : CommaList.Split(parts[1]))
        {
            string[] pair = entry.Split('=', StringSplitOptions.TrimEntries);
            if (pair.Length != 2 || !NumberRule.Finite(0.5).TryRead(pair[1], out double value))
            {
                throw new ArgumentException(
                    $"--remedy: expected NAME:PARAMETER=VALUE with a number, found {entry} in '{text}'. Example: {Example}");
            }

            if (!values.TryAdd(pair[0], value))
            {
                throw new ArgumentException($"--remedy: expected each parameter once, found {pair[0]} twice in '{text}'.");
            }
        }

        return RemedyCatalogue.Find(parts[0]).Create(values);
    }
}
