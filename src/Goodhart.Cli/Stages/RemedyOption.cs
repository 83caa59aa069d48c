using System.CommandLine;
using Goodhart.Alignment.Remedies;

namespace Goodhart.Cli.Stages;

/// <summary>What a loss is trained with: NAME or NAME:PARAMETER=VALUE,..., as often as there are kinds.</summary>
internal sealed class RemedyOption
{
    public Option<string[]> Option { get; } = new("--remedy")
    {
        Description =
            "What the loss is trained with against over-optimization, such as wpo or tr-dpo:alpha=0.6,every=100; repeat it for more, "
            + "one of each kind. `goodhart remedies` describes them.",
        DefaultValueFactory = _ => [],
        HelpName = "NAME[:PARAMETER=VALUE,...]",
    };

    /// <exception cref="ArgumentException">No such remedy or parameter, a value out of its range, or a text of another form.</exception>
    public IReadOnlyList<Remedy> Of(ParseResult parse) => [.. parse.GetValue(Option)!.Select(text => RemedySyntax.Read(text, Option.Name))];
}
