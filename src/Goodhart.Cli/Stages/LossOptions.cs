using System.CommandLine;
using Goodhart.Alignment.Losses;

namespace Goodhart.Cli.Stages;

/// <summary>Which loss, and its β.</summary>
internal sealed class LossOptions
{
    private readonly Option<string> loss = new Option<string>("--loss")
    {
        Description = $"{string.Join("; ", LossCatalogue.All.Select(entry => $"{entry.Name}: {entry.Source}"))}.",
        DefaultValueFactory = _ => "dpo",
        HelpName = "NAME",
    }.AcceptOnlyFromAmong([.. LossCatalogue.All.Select(entry => entry.Name)]);

    private readonly Option<double> beta = NumberOption.Above0("--beta", 0.1, "How strongly the policy is held to the reference, per nat.");

    public IReadOnlyList<Option> All => [loss, beta];

    public PreferenceLoss Of(ParseResult parse) => LossCatalogue.Create(parse.GetValue(loss)!, parse.GetValue(beta));
}
