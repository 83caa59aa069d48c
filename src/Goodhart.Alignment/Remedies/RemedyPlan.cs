using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Remedies;

/// <summary>The remedies of a run: at most one of each kind, so that their order means nothing.</summary>
public sealed record RemedyPlan
{
    public static RemedyPlan None { get; } = new();

    public PairWeighting? Pairs { get; init; }

    public TokenWeighting? Tokens { get; init; }

    public BetaRule? Beta { get; init; }

    public ReferenceUpdate? Reference { get; init; }

    /// <summary>Of studies alone.</summary>
    public PairSupply? Supply { get; init; }

    /// <summary>Of studies alone.</summary>
    public EstimatedSmoothing? Smoothing { get; init; }

    /// <summary>Of studies alone.</summary>
    public AveragedWeights? Average { get; init; }

    /// <summary>Those there are.</summary>
    public IEnumerable<Remedy> All => ((Remedy?[])[Pairs, Tokens, Beta, Reference, Supply, Smoothing, Average]).OfType<Remedy>();

    /// <summary>What a trainer sees of it; null: nothing.</summary>
    public RemedyPlan? Training() =>
        this with { Supply = null, Smoothing = null, Average = null } is { } rest && rest.All.Any() ? rest : null;

    public bool NeedsReferenceModel => All.Any(remedy => remedy.NeedsReferenceModel);

    public bool KeepsValueAtReference => All.All(remedy => remedy.KeepsValueAtReference);

    /// <summary>The loss's name with the remedies', as in <c>dpo+is-daa</c>.</summary>
    public string NameOf(PreferenceLoss loss) => string.Join('+', All.Select(remedy => remedy.Name).Prepend(loss.Name));

    /// <param name="batchSize">Pairs per update.</param>
    /// <exception cref="ArgumentException">Two remedies of one kind, or one that this loss or such batches cannot have.</exception>
    public static RemedyPlan Of(IReadOnlyList<Remedy> remedies, PreferenceLoss loss, int batchSize)
    {
        RemedyPlan plan = None;
        foreach (Remedy remedy in remedies)
        {
            remedy.Require(loss, batchSize);
            if (plan.All.FirstOrDefault(other => other.Kind == remedy.Kind) is { } other)
            {
                throw new ArgumentException(
                    $"expected one remedy for the {remedy.Kind}, found {other.Name} and {remedy.Name}: leave one out.", nameof(remedies));
            }

            plan = remedy switch
            {
                PairWeighting pairs => plan with { Pairs = pairs },
                TokenWeighting tokens => plan with { Tokens = tokens },
                BetaRule beta => plan with { Beta = beta },
                ReferenceUpdate reference => plan with { Reference = reference },
                PairSupply supply => plan with { Supply = supply },
                EstimatedSmoothing smoothing => plan with { Smoothing = smoothing },
                AveragedWeights average => plan with { Average = average },
                _ => throw new InvalidOperationException($"{remedy.Name} is of no known kind."),
            };
        }

        if (plan is { Average: SeedSoup soup, Supply: { } own })
        {
            throw new ArgumentException(
                $"{soup.Name} averages the runs of all seeds, and the pairs of {own.Name} are each seed's own: leave one out.",
                nameof(remedies));
        }

        if (plan is { Average: SeedSoup ofSeeds, Smoothing: RewardSmoothing estimate })
        {
            throw new ArgumentException(
                $"{ofSeeds.Name} averages the runs of all seeds, and the reward model of {estimate.Name} is each seed's own: leave one "
                + "out.",
                nameof(remedies));
        }

        return plan is { Beta: KlBudget budget, Reference: { } moved }
            ? throw new ArgumentException(
                $"{budget.Name} measures the KL from the reference, and {moved.Name} moves it: leave one out.", nameof(remedies))
            : plan;
    }
}
