using System.Globalization;

namespace Goodhart.Alignment.Losses;

/// <summary>What every loss has: a name, a formula, β and other numbers. On pairs it is a <see cref="PreferenceLoss"/>;
/// <see cref="KtoLoss"/> is
/// one on single responses.</summary>
/// <remarks>A variant is a type; the record's settable properties are its whole configuration.</remarks>
public abstract record AlignmentLoss
{
    /// <summary>The name in study files, run headers and results.</summary>
    public abstract string Name { get; }

    /// <summary>One row's term as a formula; a is a response's log-ratio to the reference, Δ the chosen minus the rejected one's.</summary>
    public abstract string Formula { get; }

    /// <summary>β: finite and above zero. What it means is the loss's own; its <see cref="LossEntry"/> says it.</summary>
    public abstract double Beta { get; init; }

    /// <summary>The loss's numbers besides β, by their names in the catalogue.</summary>
    public virtual IReadOnlyDictionary<string, double> Parameters => LossEntry.NoParameters;

    /// <summary>Whether the loss depends on the reference's log-probs.</summary>
    public abstract bool NeedsReference { get; }

    /// <summary>Whether a row's term depends on the other rows of its batch; if not, any grouping of calls gives the same bits.</summary>
    public abstract bool CouplesBatch { get; }

    /// <summary>A β that is none is refused where the loss is made.</summary>
    protected double CheckedBeta(double value) => double.IsFinite(value) && value > 0
        ? value
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{Name}: expected a finite beta above 0, got {value}."));
}
