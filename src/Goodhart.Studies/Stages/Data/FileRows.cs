using Goodhart.Pipeline;
using Goodhart.Text.Datasets;
using Goodhart.Text.Tokenizers;
using Goodhart.Text.Truncation;

namespace Goodhart.Studies.Stages.Data;

/// <summary>A file of rows.</summary>
public sealed record FileRows : RowSource
{
    public required InputFile Data { get; init; }

    /// <summary>Role to column, where a column does not have the role's own name.</summary>
    public required IReadOnlyDictionary<string, string> Columns { get; init; }

    public required TokenizerFiles Tokenizer { get; init; }

    public required LengthBudget Budget { get; init; }

    public required TruncationPolicy Truncation { get; init; }

    /// <inheritdoc cref="RowReading.MaxBadRows"/>
    public double? MaxBadRows { get; init; }

    public override string Name => Path.GetFileName(Data.Path);

    public override int LongestRow => Budget.MaxTokens;

    public Dataset OpenData() => Dataset.Open(Data.Path, Reading(), Tokenizer.Chat?.Open());

    public Dataset OpenPrompts() => Dataset.OpenPrompts(Data.Path, Reading(), Tokenizer.Chat?.Open());

    private RowReading Reading() => new() { Columns = ColumnMap.Of(Columns), MaxBadRows = MaxBadRows };

    internal override ITokenizer OpenTokenizer() => Tokenizer.Open();

    internal override RowPass Open() => new FilePass(this);
}
