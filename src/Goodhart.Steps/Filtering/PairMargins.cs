using Goodhart.Pipeline;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Filtering;

/// <summary>What something other than the label says of each pair, in their order: above 0 for the label, below 0 against it.</summary>
public abstract record PairMargins : Step<double[]>
{
    /// <summary>The steps that the margins take, with what was trained for them; their estimates are what margins cost.</summary>
    public abstract IEnumerable<Step> Work { get; }

    /// <summary>All parts of a run, the last one first.</summary>
    private protected static IEnumerable<Step> Parts(TrainingSegment last)
    {
        for (TrainingSegment? part = last; part is not null; part = part.Previous)
        {
            yield return part;
        }
    }
}
