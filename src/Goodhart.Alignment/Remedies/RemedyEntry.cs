using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Remedies;

/// <summary>One row of the <see cref="RemedyCatalogue"/>: what there is to know of a remedy, and how it is made.</summary>
public sealed record RemedyEntry
{
    /// <summary>The remedy's <see cref="Remedy.Name"/>.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in a sentence.</summary>
    public required string Meaning { get; init; }

    /// <summary>Paper or repository that the formula comes from.</summary>
    public required string Source { get; init; }

    /// <summary>What its source says that it does against the loss without it; null: nothing that a study decides.</summary>
    public PaperClaim? Claim { get; init; }

    /// <summary>What other tools call it.</summary>
    public IReadOnlyList<ForeignName> Elsewhere { get; init; } = [];

    public IReadOnlyList<LossParameter> Parameters { get; init; } = [];

    /// <summary>What else must be known: costs, differences from the source.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Makes the remedy from values that are complete.</summary>
    public required Func<LossValues, Remedy> Build { get; init; }

    public string Formula => Create().Formula;

    public string Kind => Create().Kind;

    public bool NeedsReferenceModel => Create().NeedsReferenceModel;

    /// <inheritdoc cref="Remedy.IsOfStudies"/>
    public bool IsOfStudies => Create().IsOfStudies;

    /// <summary>The remedy; a parameter that is not given has its default.</summary>
    /// <exception cref="ArgumentException">A parameter that it does not have, or a value out of range.</exception>
    public Remedy Create(IReadOnlyDictionary<string, double>? parameters = null) =>
        Build(LossValues.Complete(Name, Parameters, parameters));
}
