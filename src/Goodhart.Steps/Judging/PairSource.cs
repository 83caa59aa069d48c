using Goodhart.Evaluation.Judges;
using Goodhart.Pipeline;

namespace Goodhart.Steps.Judging;

/// <summary>Where the pairs come from that a judge decides. A variant is a type.</summary>
public abstract record PairSource
{
    /// <param name="directoryOf">Where a step's files are.</param>
    /// <exception cref="InvalidDataException">A file cannot be read, or has not what is compared.</exception>
    public abstract IReadOnlyList<ResponsePair> Pairs(Func<Step, string> directoryOf);
}
