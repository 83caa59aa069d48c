using Goodhart.Pipeline;
using Goodhart.Text.Datasets;
using Goodhart.Text.Tokenizers;
using Goodhart.Text.Truncation;

namespace Goodhart.Steps.Rows;

/// <summary>A file of rows.</summary>
public sealed record FileRows : RowSource
{
    public required InputFile Data { get; init; }

    public RowReading Reading { get; init; } = RowReading.Plain;

    public required TokenizerFiles Tokenizer { get; init; }

    public required LengthBudget Budget { get; init; }

    public required TruncationPolicy Truncation { get; init; }

    public override string Name => Path.GetFileName(Data.Path);

    public override bool WritesConversations => Tokenizer.Chat is not null;

    public override int LongestRow => Budget.MaxTokens;

    public Dataset OpenData() => Dataset.Open(Data.Path, Reading, Tokenizer.Chat?.Open());

    public Dataset OpenPrompts() => Dataset.OpenPrompts(Data.Path, Reading, Tokenizer.Chat?.Open());

    public override ITokenizer OpenTokenizer() => Tokenizer.Open();

    public override IReadOnlyList<int> Ends() => Tokenizer.Ends();

    public override RowPass Open() => new FilePass(this);
}
