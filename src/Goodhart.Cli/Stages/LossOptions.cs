using System.CommandLine;
using Goodhart.Alignment.Losses;
using Goodhart.Cli.Parsing;

namespace Goodhart.Cli.Stages;

/// <summary>Which loss, its β and its other numbers.</summary>
internal sealed class LossOptions
{
    private readonly Option<string> loss = TextOption.Of(
        "--loss", "NAME", "dpo",
        $"One of {string.Join(", ", LossCatalogue.All.Select(entry => entry.Name))}; `goodhart losses` describes them.")
        .AcceptOnlyFromAmong([.. LossCatalogue.All.Select(entry => entry.Name)]);

    private readonly Option<double?> beta = NumberOption.Above0OrNone(
        "--beta", "β of the loss: for most how strongly the policy is held to the reference, per nat. Default: the loss's usual one, "
            + "mostly 0.1.");

    private readonly Option<string[]> parameters = TextOption.Several(
        "--loss-parameter", "NAME=VALUE",
        "Another number of the loss, such as alpha=0.02 of r-dpo; repeat it, or separate by commas. `goodhart losses NAME` lists them.");

    private readonly Option<double> nllWeight = NumberOption.AtLeast0(
        "--nll-weight", 0, "Adds so many times the chosen response's mean NLL per token to the loss.");

    public IReadOnlyList<Option> All => [loss, beta, parameters, nllWeight];

    /// <exception cref="ArgumentException">A parameter that the loss does not have, a value out of its range, or an NLL term where there is
    /// none.</exception>
    public AlignmentLoss Of(ParseResult parse)
    {
        LossEntry entry = LossCatalogue.Find(parse.GetValue(loss)!);
        AlignmentLoss chosen = entry.Create(parse.GetValue(beta) ?? entry.UsualBeta, Parameters(parse.GetValue(parameters)!));
        double weight = parse.GetValue(nllWeight);
        return weight == 0 ? chosen
            : chosen is PreferenceLoss pairs ? new WithNll { Loss = pairs, Weight = weight }
            : throw new ArgumentException(
                $"--nll-weight adds the NLL of a pair's chosen response, and {chosen.Name} has no pairs: leave it out.");
    }

    private static Dictionary<string, double> Parameters(string[] given)
    {
        Dictionary<string, double> values = [];
        foreach (string entry
            in given.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            string[] parts = entry.Split('=', StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || !NumberRule.Finite(0.02).TryRead(parts[1], out double value))
            {
                throw new ArgumentException($"--loss-parameter: expected NAME=VALUE with a number, such as alpha=0.02, found {entry}.");
            }

            if (!values.TryAdd(parts[0], value))
            {
                throw new ArgumentException($"--loss-parameter: expected each parameter once, found {parts[0]} twice.");
            }
        }

        return values;
    }
}
