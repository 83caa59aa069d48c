using Goodhart.Pipeline;
using Goodhart.Text.Datasets;
using Goodhart.Text.Truncation;

namespace Goodhart.Steps.Rows;

/// <summary>How a stage reads its files.</summary>
public sealed record StageData(RowReading Reading, LengthBudget Budget, TruncationPolicy Truncation)
{
    /// <summary>How conversations become text.</summary>
    public ChatStyle Chat { get; init; } = ChatStyle.Usual;

    /// <summary>Whether nobody asked for the budget's tokens, so that a model of fewer positions may have fewer.</summary>
    public bool FollowsModel { get; init; }

    public FileRows Source(string path, TokenizerFiles tokenizer)
    {
        Truncation.Require(Budget);
        return new FileRows
        {
            Data = new InputFile(path),
            Reading = Reading,
            Tokenizer = tokenizer,
            Budget = Budget,
            Truncation = Truncation,
        };
    }
}
