namespace Goodhart.Alignment.Losses;

/// <summary>One row of the <see cref="LossCatalogue"/>: what there is to know of a loss, and how it is made.</summary>
public sealed record LossEntry
{
    internal static readonly IReadOnlyDictionary<string, double> NoParameters = new Dictionary<string, double>();

    /// <summary>The loss's <see cref="AlignmentLoss.Name"/>.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in a sentence.</summary>
    public required string Meaning { get; init; }

    /// <summary>Paper or repository that the formula comes from.</summary>
    public required string Source { get; init; }

    /// <summary>What its source says that it does against the loss without it; null: nothing that a study decides.</summary>
    public PaperClaim? Claim { get; init; }

    /// <summary>What other tools call this very formula.</summary>
    public IReadOnlyList<ForeignName> Elsewhere { get; init; } = [];

    /// <summary>Numbers besides β.</summary>
    public IReadOnlyList<LossParameter> Parameters { get; init; } = [];

    /// <summary>What β is in this loss.</summary>
    public string BetaMeaning { get; init; } = "the implicit reward is β times the log-ratio, so β is per nat";

    /// <summary>The β that its source or the tools that have it start from.</summary>
    public double UsualBeta { get; init; } = 0.1;

    /// <summary>How a β or another number of this loss is turned into that of another loss or tool.</summary>
    public IReadOnlyList<string> Conversions { get; init; } = [];

    /// <summary>One row's term.</summary>
    public string Formula => Create(UsualBeta).Formula;

    public bool NeedsReference => Create(UsualBeta).NeedsReference;

    public bool CouplesBatch => Create(UsualBeta).CouplesBatch;

    /// <summary>Makes the loss from values that are complete.</summary>
    public required Func<double, LossValues, AlignmentLoss> Build { get; init; }

    /// <summary>Whether it trains on pairs; if not, on single responses with labels.</summary>
    public bool IsOnPairs => Create(UsualBeta) is PreferenceLoss;

    /// <summary>The loss at a given β; a parameter that is not given has its default.</summary>
    /// <exception cref="ArgumentException">A parameter that the loss does not have, or a value out of range.</exception>
    public AlignmentLoss Create(double beta, IReadOnlyDictionary<string, double>? parameters = null) =>
        Build(beta, LossValues.Complete(Name, Parameters, parameters));
}

/// <summary>A value for each of a loss's or remedy's parameters.</summary>
public sealed class LossValues(IReadOnlyDictionary<string, double> values)
{
    public double this[LossParameter parameter] => values[parameter.Name];

    /// <summary>What is given, and defaults for the rest.</summary>
    /// <param name="owner">The loss's or remedy's name, for the message.</param>
    /// <exception cref="ArgumentException">A parameter that it does not have.</exception>
    public static LossValues Complete(
        string owner, IReadOnlyList<LossParameter> parameters, IReadOnlyDictionary<string, double>? given)
    {
        Dictionary<string, double> values = parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default);
        foreach ((string name, double value) in given ?? LossEntry.NoParameters)
        {
            if (!values.ContainsKey(name))
            {
                throw new ArgumentException(
                    $"{owner} has no parameter '{name}': expected {(values.Count == 0 ? "none" : string.Join(", ", values.Keys))}.");
            }

            values[name] = value;
        }

        return new LossValues(values);
    }
}

/// <param name="Tool">A program or repository.</param>
/// <param name="Name">How the loss is asked for there.</param>
public sealed record ForeignName(string Tool, string Name);
