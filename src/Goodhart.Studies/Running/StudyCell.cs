using System.Globalization;
using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Evaluation.Points;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Running;

/// <summary>One alignment run of a study: a model, a loss, a β and an alignment seed.</summary>
public readonly record struct StudyCell(string Model, int Seed, string Loss, double Beta)
{
    /// <summary>The loss's numbers besides β that its further grid gives; null for its defaults.</summary>
    public IReadOnlyDictionary<string, double>? Parameters { get; init; }

    /// <summary>What the loss is trained with; null: nothing.</summary>
    public string? Remedies { get; init; }

    /// <summary>What tells the loss from the same one with other numbers, where a study has both, as in <c>r-dpo(alpha=0.05)</c>; else
    /// empty.</summary>
    public string Variant { get; private init; } = "";

    /// <summary>The loss's name with its numbers, where they tell, and its remedies', as points have it.</summary>
    public string Method => RemediedLosses.Name(Loss + Variant, Remedies);

    /// <summary>What the loss is trained with; null: nothing.</summary>
    /// <exception cref="ArgumentException">This loss, or batches of this size, cannot have them.</exception>
    public RemedyPlan? CreateRemedies(int batchSize) => Remedies is null
        ? null
        : RemedyPlan.Of(RemedySyntax.ReadAll(Remedies), CreateLoss(), batchSize);

    /// <exception cref="ArgumentException">The loss does not take these numbers.</exception>
    public PreferenceLoss CreateLoss() => LossCatalogue.Create(Loss, Beta, Parameters);

    /// <summary>The study's own grid, then its further ones; each run once.</summary>
    public static IReadOnlyList<StudyCell> Of(StudyDefinition study)
    {
        StudyCell[] cells = [.. study.Align.Also.Prepend(new AlsoDefinition()).SelectMany(also => Grid(study, also))];
        HashSet<string> several =
        [
            .. cells.GroupBy(cell => cell.Loss).Where(same => same.Select(cell => cell.Numbers).Distinct().Count() > 1)
                .Select(same => same.Key),
        ];
        return
        [
            .. cells.DistinctBy(cell => (cell.Kind, cell.Seed))
                .Select(cell => several.Contains(cell.Loss) ? cell with { Variant = cell.Numbers } : cell),
        ];
    }

    /// <summary>All but the seed; numbers by value, since two further grids may give the same ones.</summary>
    private (string Model, string Loss, double Beta, string? Remedies, string Numbers) Kind => (Model, Loss, Beta, Remedies, Numbers);

    /// <summary>Numbers besides β in the order of their names; without a comma, or a plus, which joins a remedy.</summary>
    private string Numbers => Parameters is not { Count: > 0 } ? "" : "(" + string.Join(';', Parameters.OrderBy(
        number => number.Key, StringComparer.Ordinal).Select(number => $"{number.Key}={Text(number.Value)}")) + ")";

    private static string Text(double number) =>
        number.ToString("R", CultureInfo.InvariantCulture).Replace("+", "", StringComparison.Ordinal);

    /// <summary>Whether the run learns from pairs; best-of-n and PPO learn from a reward model.</summary>
    public bool IsDirect => !RlhfMethods.Contains(Loss);

    /// <summary>Whether a reward model takes part in training.</summary>
    public bool NeedsReward => !IsDirect || Supply is OnlineReward or FilteredPairs { NeedsReward: true }
        || All.OfType<EstimatedSmoothing>().Any(smoothing => smoothing.NeedsReward);

    /// <summary>Which pairs it is trained on; null: the data's.</summary>
    public PairSupply? Supply => All.OfType<PairSupply>().FirstOrDefault();

    /// <summary>What is evaluated in place of its checkpoints; null: they are.</summary>
    public AveragedWeights? Average => All.OfType<AveragedWeights>().FirstOrDefault();

    /// <summary>Whether its loss goes with them is for <see cref="CreateRemedies"/> to say.</summary>
    private IReadOnlyList<Remedy> All => Remedies is null ? [] : RemedySyntax.ReadAll(Remedies);

    /// <summary>The same run of each seed that the study has it of, its own too.</summary>
    public IReadOnlyList<StudyCell> OfAllSeeds(StudyDefinition study)
    {
        (string, string, double, string?, string) kind = Kind;
        return [.. Of(study).Where(cell => cell.Kind == kind)];
    }

    /// <summary>A KL coefficient is not on the scale of a loss's β, and best-of-n has none.</summary>
    private static IEnumerable<double> BetasOf(StudyDefinition study, string loss, AlsoDefinition also) => loss switch
    {
        RlhfMethods.Ppo => also.Betas ?? study.Rlhf?.Ppo.Betas ?? [],
        RlhfMethods.BestOfN => [0],
        _ => also.Betas ?? study.Align.Betas,
    };

    private static IEnumerable<StudyCell> Grid(StudyDefinition study, AlsoDefinition also) =>
        from model in also.Models ?? study.Models.Select(definition => definition.Name)
        from seed in also.Seeds ?? study.Seeds
        from loss in also.Losses ?? study.Align.Losses
        from beta in BetasOf(study, loss, also)
        from remedies in RemediesOf(study, loss, also)
        select new StudyCell(model, seed, loss, beta) { Parameters = also.Parameters, Remedies = remedies };

    /// <summary>The loss by itself first: a remedy is read against it. Methods of RLHF have no pairs that one could act on.</summary>
    private static IEnumerable<string?> RemediesOf(StudyDefinition study, string loss, AlsoDefinition also) =>
        RlhfMethods.Contains(loss) ? [null] : [null, .. also.Remedies ?? study.Align.Remedies ?? []];
}
