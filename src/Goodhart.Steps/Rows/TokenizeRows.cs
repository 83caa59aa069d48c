using Goodhart.Pipeline;
using Goodhart.Text;
using Goodhart.Text.Datasets;
using Goodhart.Text.Truncation;

namespace Goodhart.Steps.Rows;

/// <summary>A source's rows as token ids, with an account of what was skipped, cut and dropped.</summary>
public abstract record TokenizeRows : Step<TokenizedData>
{
    public required RowSource Source { get; init; }

    /// <summary>The rows of a file, where they can come from nowhere else.</summary>
    public FileRows File => Source as FileRows ?? throw new InvalidOperationException($"{Source.Name}: expected a file.");

    public override string Label => $"tokenize the {Kind} of {Source.Name}";

    protected override bool DependsOnNumerics => false;

    /// <remarks>2: of unpaired data the desirable responses alone; 3: prompts as training reads them, system and history; 4: chat
    /// templates.</remarks>
    protected override int Version => 4;

    /// <summary>What <see cref="RunAsync"/> would report; writes nothing.</summary>
    public TokenizedData Count(CancellationToken cancel) => Account(rows => rows.Count(_ =>
    {
        cancel.ThrowIfCancellationRequested();
        return true;
    }));

    protected override Task<TokenizedData> RunAsync(StepContext context, CancellationToken cancel) =>
        Task.FromResult(Account(rows => TokenFile.Write(Path.Combine(context.OutputDirectory, TokenFile.Name), rows, cancel)));

    private TokenizedData Account(Func<IEnumerable<(int Id, int[][] Parts)>, int> consume)
    {
        RowPass pass = Source.Open();
        return pass.Account(consume(Rows(pass)));
    }

    /// <summary>What a row is taken for.</summary>
    private protected abstract string Kind { get; }

    private protected abstract IEnumerable<(int Id, int[][] Parts)> Rows(RowPass pass);
}

/// <param name="Rows">Rows that training or evaluation sees.</param>
/// <param name="Read">Rows of the source.</param>
/// <param name="Skipped">Rows without what is needed, by reason.</param>
/// <param name="Truncation">What happened to the others; dropped rows are not among <paramref name="Rows"/>.</param>
public sealed record TokenizedData(int Rows, int Read, IReadOnlyDictionary<string, int> Skipped, TruncationReport Truncation)
{
    /// <summary>Columns of the file that say nothing here.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>Rows that could not be used and were passed over, by reason.</summary>
    public IReadOnlyList<BadRowCount> BadRows { get; init; } = [];

    /// <summary>Margins that are no numbers, of pairs that are used without them, by reason.</summary>
    public IReadOnlyList<BadRowCount> BadMargins { get; init; } = [];

    /// <summary>What may help where no row can be used; null where there is nothing to say.</summary>
    public string? Advice { get; init; }

    /// <summary>Why there is no row at all, and what may help.</summary>
    public string NoRows(string file)
    {
        string[] reasons =
        [
            .. Skipped.Select(
                skip => FormattableString.Invariant($"{Enum.Parse<SkipReason>(skip.Key, ignoreCase: true).Phrase()} ({skip.Value})")),
            .. BadRows.Select(bad => $"{bad}"),
            .. Truncation.Dropped > 0 ? (string[])[FormattableString.Invariant($"too long ({Truncation.Dropped})")] : [],
        ];
        string columns = (Advice is null ? "" : $" {Advice}")
            + (Unused.Count == 0 ? "" : $" Columns that are not used: {string.Join(", ", Unused)}.");
        return FormattableString.Invariant($"{file}: none of its {Quantity.Of(Read, "row")} can be used: ")
            + FormattableString.Invariant($"{string.Join(", ", reasons)}.{columns}");
    }

    /// <inheritdoc cref="Text.Datasets.SkipTally.CutPrompts"/>
    public int CutPrompts { get; init; }

    /// <summary>Whether the model's own chat template wrote the rows; columns of texts are taken as they are.</summary>
    public bool WrittenByTemplate { get; init; }

    /// <summary>Mean tokens of a row, prompt and responses together.</summary>
    public double MeanTokens() => (double)Truncation.TokensKept / Math.Max(1, Rows);

    /// <summary>As much as so many rows of the mean length are.</summary>
    public TokenizedData Of(int rows) => this with
    {
        Rows = rows,
        Truncation = Truncation with { TokensKept = (long)(MeanTokens() * rows) },
    };
}
