using Goodhart.Pipeline;
using Goodhart.Text.Datasets;
using Goodhart.Text.Truncation;

namespace Goodhart.Studies.Stages.Data;

/// <summary>A file of rows, and all that decides what token ids come of it.</summary>
public sealed record RowSource
{
    public required InputFile Data { get; init; }

    public RowReading Reading { get; init; } = RowReading.Plain;

    public required TokenizerFiles Tokenizer { get; init; }

    public required LengthBudget Budget { get; init; }

    public required TruncationPolicy Truncation { get; init; }

    public Dataset OpenData() => Dataset.Open(Data.Path, Reading);

    public Dataset OpenPrompts() => Dataset.OpenPrompts(Data.Path, Reading);

    public PairTokenizer OpenTokenizer() => new(Tokenizer.Open(), Budget, Truncation);
}
