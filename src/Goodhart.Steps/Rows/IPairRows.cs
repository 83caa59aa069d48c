using Goodhart.Pipeline;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Rows;

/// <summary>A step that leaves preference pairs as token ids, wherever they come from.</summary>
public interface IPairRows
{
    /// <summary>Whose prompts they answer.</summary>
    RowSource Source { get; }

    TokenizedPair[] Read(StepContext context);
}
