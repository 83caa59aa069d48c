namespace Goodhart.Cli.Verbs;

/// <summary>What concerns the synthetic world.</summary>
internal sealed class WorldVerb : Verb
{
    public WorldVerb()
        : base("world", "The synthetic world of the default study: posts, summaries and a gold reward that is known.")
    {
        Subcommands.Add(new WorldExportVerb());
    }

    public override IReadOnlyList<string> Examples { get; } = ["goodhart world export --out world"];
}
