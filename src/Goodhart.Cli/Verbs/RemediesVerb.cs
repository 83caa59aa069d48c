using System.CommandLine;
using Goodhart.Alignment.Remedies;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Remedies;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart remedies</c>: what a loss can be trained with so that it over-optimizes less.</summary>
internal sealed class RemediesVerb : Verb
{
    private readonly Argument<string?> name = TextArgument.OrNone(
        "NAME", "A remedy; everything there is to say of it.").AcceptOnlyFromAmong([.. RemedyCatalogue.All.Select(entry => entry.Name)]);

    private readonly Option<bool> json = CommonOptions.Json();

    public RemediesVerb()
        : base("remedies", "List the remedies against over-optimization that `align --remedy` takes: formulas, sources, parameters.") =>
        Take([name, json], Run);

    public override IReadOnlyList<string> Examples { get; } =
        ["goodhart remedies", "goodhart remedies is-daa", "goodhart remedies --json"];

    private int Run(ParseResult parse)
    {
        RemedyEntry? one = parse.GetValue(name) is { } asked ? RemedyCatalogue.Find(asked) : null;
        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(one is null
                ? JsonLayout.Text(RemedyCatalogue.All.Select(RemedyDescription.Of))
                : JsonLayout.Text(RemedyDescription.Of(one)));
        }
        else if (one is null)
        {
            RemedyText.WriteTable(Out(parse));
        }
        else
        {
            RemedyText.WriteDetails(one, Out(parse));
        }

        return ExitCode.Done;
    }
}
