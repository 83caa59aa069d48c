using Goodhart.Pipeline;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Rows;

/// <summary>A step that leaves preference pairs as token ids, wherever they come from.</summary>
public interface IPairRows
{
    /// <summary>Whose prompts they answer.</summary>
    RowSource Source { get; }

    /// <summary>A run's data is so many times these rows: what is one pass over them is that part of an epoch.</summary>
    int Parts => 1;

    TokenizedPair[] Read(StepContext context);
}
