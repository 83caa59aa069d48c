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

    /// <exception cref="ArgumentException">No such remedy or parameter, a value out of its range, a text of another form, or what only a
    /// study can have.</exception>
    public IReadOnlyList<Remedy> Of(ParseResult parse) => [.. parse.GetValue(Option)!.Select(Read)];

    private Remedy Read(string text)
    {
        Remedy remedy = RemedySyntax.Read(text, Option.Name);
        return remedy.IsOfStudies
            ? throw new ArgumentException(
                $"{Option.Name}: {remedy.Name} takes more than one run's training: give it to a study, as align.remedies: [\"{text}\"].")
            : remedy;
    }
}
