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
                auditor.AddPairs(data.Preferences(tally));
                break;
            case LabelledExamples:
                auditor.AddLabelled(data.Labelled(tally));
                break;
            case PromptShape:
                auditor.AddPrompts(data.Whole(tally));
                break;
            default:
                auditor.AddExamples(data.Examples(tally));
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
            Overlap = options.Against is { } other ? auditor.prompts.Against(other) : null,
            Budgets = auditor.trial?.Reports() ?? [],
        };
    }

    private void AddPrompts(IEnumerable<SftRow> rows)
    {
        foreach (SftRow row in rows)
        {
            AddPrompt(row.Prompt);
            CountRow(Fingerprint.Of(row.Prompt));
        }
    }

    private void AddPairs(IEnumerable<PreferenceRow> rows)
    {
        foreach (PreferenceRow row in rows)
        {
            int chosen = Add("chosen", row.Chosen);
            int rejected = Add("rejected", row.Rejected);
            AddPrompt(row.Prompt);
            UInt128 print = Fingerprint.Of(row.Prompt, row.Chosen, row.Rejected);
            CountRow(print);
            pairs.Add(row, print, chosen, rejected);
            trial?.Add(row.Id, row.Prompt, row.Chosen, row.Rejected);
        }
    }

    private void AddExamples(IEnumerable<SftRow> rows)
    {
        foreach (SftRow row in rows)
        {
            Add("completion", row.Completion);
            AddPrompt(row.Prompt);
            CountRow(Fingerprint.Of(row.Prompt, row.Completion));
            trial?.Add(row.Id, row.Prompt, row.Completion);
        }
    }

    private void AddLabelled(IEnumerable<LabelledRow> rows)
    {
        foreach (LabelledRow row in rows)
        {
            Add(row.IsDesirable ? "desirable" : "undesirable", row.Completion);
            AddPrompt(row.Prompt);
            CountRow(Fingerprint.Of(row.Prompt, row.Completion, row.IsDesirable ? "1" : "0"));
            labels.Add(row);
            trial?.Add(row.Id, row.Prompt, row.Completion);
        }
    }

    private void AddPrompt(string prompt)
    {
        lengths.Add("prompt", length.Of(prompt));
        prompts.Add(prompt);
    }

    private int Add(string column, string response)
    {
        empty += string.IsNullOrWhiteSpace(response) ? 1 : 0;
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
