using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Shapes;

namespace Goodhart.Text.Audit;

/// <summary>One pass over a data set; keeps hashes and lengths, not texts.</summary>
public sealed class DatasetAuditor
{
    private readonly TextLength length;
    private readonly ColumnLengths lengths = new();
    private readonly PromptCounts prompts = new();
    private readonly PairCounts pairs = new();
    private readonly LabelCounts labels = new();
    private readonly BudgetTrial? trial;
    private readonly HashSet<UInt128> rowsSeen = [];
    private int duplicates;
    private int empty;

    private DatasetAuditor(AuditOptions options, bool textsAreComplete)
    {
        length = options.Tokenizer is { } tokenizer ? new TokenLength(tokenizer) : new WordLength();
        trial = options.Budget is not { } budget ? null : new BudgetTrial(
            options.Tokenizer ?? throw new ArgumentException("audit: a length budget is counted in tokens and needs a tokenizer."),
            budget, textsAreComplete);
    }

    /// <exception cref="InvalidDataException">A bad row, or no usable row.</exception>
    /// <exception cref="ArgumentException">A budget without a tokenizer.</exception>
    public static DatasetAudit Audit(Dataset data, AuditOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        DatasetAuditor auditor = new(options, data.WritesSpecialTokens);
        SkipTally tally = new();
        switch (data.Shape)
        {
            case PreferenceShape:
                auditor.AddPairs(SaidRows.Read(data, (rows, counts) => rows.Preferences(counts), row => row.Id, tally));
                break;
            case LabelledExamples:
                auditor.AddLabelled(SaidRows.Read(data, (rows, counts) => rows.Labelled(counts), row => row.Id, tally));
                break;
            case PromptShape:
                auditor.AddPrompts(SaidRows.Read(data, (rows, counts) => rows.Whole(counts), row => row.Id, tally));
                break;
            default:
                auditor.AddExamples(SaidRows.Read(data, (rows, counts) => rows.Examples(counts), row => row.Id, tally));
                break;
        }

        return new DatasetAudit
        {
            File = data.File.Name,
            Format = FormatName(data.File),
            Shape = data.Shape.Description,
            Rows = tally.Read,
            Used = tally.Used,
            Skipped = tally.Skipped,
            BadRows = tally.Bad,
            BadMargins = tally.BadMargins,
            Unused = data.Unused(tally),
            Unit = auditor.length.Unit,
            Lengths = auditor.lengths.Summaries(),
            Prompts = auditor.prompts.Result(),
            Preferences = data.Shape is PreferenceShape ? auditor.pairs.Result() : null,
            Labels = data.Shape is LabelledExamples ? auditor.labels.Result() : null,
            DuplicateRows = auditor.duplicates,
            EmptyResponses = auditor.empty,
            Overlap = options.Against is { } other ? auditor.prompts.Against(other.Said()) : null,
            Budgets = auditor.trial?.Reports() ?? [],
        };
    }

    private void AddPrompts(IEnumerable<(SftRow Written, SftRow Said)> rows)
    {
        foreach ((SftRow row, SftRow said) in rows)
        {
            AddPrompt(row.Prompt, said.Prompt);
            CountRow(Fingerprint.Of(said.Prompt));
        }
    }

    private void AddPairs(IEnumerable<(PreferenceRow Written, PreferenceRow Said)> rows)
    {
        foreach ((PreferenceRow row, PreferenceRow said) in rows)
        {
            int chosen = Add("chosen", row.Chosen, said.Chosen);
            int rejected = Add("rejected", row.Rejected, said.Rejected);
            AddPrompt(row.Prompt, said.Prompt);
            UInt128 print = Fingerprint.Of(said.Prompt, said.Chosen, said.Rejected);
            CountRow(print);
            pairs.Add(said, print, chosen, rejected);
            trial?.Add(row.Id, row.Prompt, row.Chosen, row.Rejected);
        }
    }

    private void AddExamples(IEnumerable<(SftRow Written, SftRow Said)> rows)
    {
        foreach ((SftRow row, SftRow said) in rows)
        {
            Add("completion", row.Completion, said.Completion);
            AddPrompt(row.Prompt, said.Prompt);
            CountRow(Fingerprint.Of(said.Prompt, said.Completion));
            trial?.Add(row.Id, row.Prompt, row.Completion);
        }
    }

    private void AddLabelled(IEnumerable<(LabelledRow Written, LabelledRow Said)> rows)
    {
        foreach ((LabelledRow row, LabelledRow said) in rows)
        {
            Add(row.IsDesirable ? "desirable" : "undesirable", row.Completion, said.Completion);
            AddPrompt(row.Prompt, said.Prompt);
            CountRow(Fingerprint.Of(said.Prompt, said.Completion, row.IsDesirable ? "1" : "0"));
            labels.Add(said);
            trial?.Add(row.Id, row.Prompt, row.Completion);
        }
    }

    private void AddPrompt(string prompt, string said)
    {
        lengths.Add("prompt", length.Of(prompt));
        prompts.Add(prompt, said);
    }

    private int Add(string column, string response, string said)
    {
        empty += string.IsNullOrWhiteSpace(said) ? 1 : 0;
        int count = length.Of(response);
        lengths.Add(column, count);
        return count;
    }

    private void CountRow(UInt128 print) => duplicates += rowsSeen.Add(print) ? 0 : 1;

    private static string FormatName(DataFile file) => file.Format switch
    {
        DataFormat.JsonLines => "JSON lines",
        DataFormat.JsonArray => "JSON array",
        DataFormat.Csv => "CSV",
        _ => "Parquet",
    } + (file.IsCompressed ? ", gzip" : "");
}
