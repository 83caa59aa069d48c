using System.Globalization;
using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Remedies;

/// <summary>What is done to the training of any loss on pairs so that it over-optimizes less: one of seven kinds, each a type.</summary>
/// <remarks>A variant is a type; the record's settable properties are its whole configuration.</remarks>
public abstract record Remedy
{
    private protected Remedy()
    {
    }

    /// <summary>The name in study files, run records and on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What it changes, as a formula.</summary>
    public abstract string Formula { get; }

    /// <summary>Its numbers, by their names in the catalogue.</summary>
    public virtual IReadOnlyDictionary<string, double> Parameters => LossEntry.NoParameters;

    /// <summary>What it acts on; a run takes one remedy of each kind.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether the reference must be at hand while training: stored log-probs of the data do not do.</summary>
    public virtual bool NeedsReferenceModel => false;

    /// <summary>Whether only a study can have it: it takes more than one run's training.</summary>
    public virtual bool IsOfStudies => false;

    /// <summary>Whether the loss at step 0, where policy and reference are equal, is what it is without the remedy.</summary>
    public virtual bool KeepsValueAtReference => true;

    /// <param name="batchSize">Pairs per update.</param>
    /// <exception cref="ArgumentException">The remedy can do nothing for this loss or with such batches; the message says why.</exception>
    public virtual void Require(PreferenceLoss loss, int batchSize)
    {
    }

    private protected void RequireTermsApart(PreferenceLoss loss)
    {
        if (loss.CouplesBatch)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Name} treats every pair by itself, and a term of {loss.Name} depends on the other pairs of its batch: "
                    + $"choose another loss."));
        }
    }

    private protected void RequireReference(PreferenceLoss loss)
    {
        if (!loss.NeedsReference)
        {
            throw new ArgumentException(
                $"{Name} acts through the reference, and {loss.Name} has none: choose a loss that depends on it, such as dpo.");
        }
    }
}
