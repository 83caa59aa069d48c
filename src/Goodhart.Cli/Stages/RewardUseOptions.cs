using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Evaluation.Rewards;
using Goodhart.Hub.Cache;
using Goodhart.Steps.Training;

namespace Goodhart.Cli.Stages;

/// <summary>Which reward models, and how they make one reward.</summary>
internal sealed class RewardUseOptions
{
    private const string Mean = "mean";
    private const string WorstCase = "worst-case";
    private const string Uncertainty = "uncertainty";

    private readonly Option<string> reward = TextOption.Required(
        "--reward", "MODEL[,MORE]",
        "Reward models with commas between: sequence classification folders of one label, or folders of `goodhart reward`.");

    private readonly Option<string?> gold = TextOption.OrNone(
        "--gold", "MODEL[,MORE]",
        "Reward models, named as for --reward, that only measure: objective/gold is their mean on the same samples (Gao et al. 2023).");

    private readonly Option<string?> ensemble = TextOption.OrNone(
        "--ensemble", "NAME",
        "Several reward models as one: mean, worst-case (the lowest), uncertainty (mean less weight times variance). Coste et al. "
            + "2024. Default: mean.").AcceptOnlyFromAmong(Mean, WorstCase, Uncertainty);

    private readonly Option<double?> weight = NumberOption.Above0OrNone(
        "--ensemble-weight", "uncertainty: its weight. Default 0.1, Coste et al.'s for PPO.");

    private readonly Option<RewardNormalization> normalize = ChoiceOption.Of(
        "--normalize",
        RewardNormalization.Mean,
        "Rewards relative to samples of MODEL: none, mean (their mean becomes 0) or unit (deviation 1 too: Ziegler et al. 2019, 2.1).");

    public IReadOnlyList<Option> All => [reward, gold, ensemble, weight, normalize];

    public IReadOnlyList<string> Models(ParseResult parse) => [.. CommaList.Split(parse.GetValue(reward)!).Select(CachedNames.Model)];

    /// <summary>Empty where none is named.</summary>
    public IReadOnlyList<string> Gold(ParseResult parse) =>
        parse.GetValue(gold) is { } models ? [.. CommaList.Split(models).Select(CachedNames.Model)] : [];

    public RewardNormalization Normalization(ParseResult parse) => parse.GetValue(normalize);

    /// <summary>Null where none is named.</summary>
    public RewardEnsemble? Ensemble(ParseResult parse) => (parse.GetValue(ensemble), parse.GetValue(weight)) switch
    {
        (Uncertainty, { } given) => new UncertaintyWeightedEnsemble(given),
        (Uncertainty, null) => new UncertaintyWeightedEnsemble(0.1),
        (_, not null) => throw new ArgumentException("--ensemble-weight belongs to --ensemble uncertainty."),
        (WorstCase, _) => new WorstCaseEnsemble(),
        (Mean, _) => new MeanEnsemble(),
        _ => null,
    };
}
