using Goodhart.Evaluation.Judges;
using Goodhart.Pipeline;
using Goodhart.Steps.Rows;
using Goodhart.Text.Datasets;

namespace Goodhart.Steps.Judging;

/// <summary>Files of responses to the same prompts, and which of them are put to a judge.</summary>
public sealed record ComparedFiles : PairSource
{
    public required InputFile A { get; init; }

    /// <summary>Another, or a data set.</summary>
    public required InputFile B { get; init; }

    /// <summary>A third, or a data set: A and B are judged against it rather than against each other. Null: A against B.</summary>
    public InputFile? Against { get; init; }

    /// <summary>As the user named them: for tables and messages.</summary>
    [NotInKey]
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>How each file is read, in the order of <see cref="Names"/>.</summary>
    public required IReadOnlyList<RowReading> Readings { get; init; }

    /// <summary>What wrote the conversations that the models were asked; null: HH's layout.</summary>
    public TokenizerFiles? Tokenizer { get; init; }

    /// <summary>So many prompts of those that all files have; null: all.</summary>
    public int? Limit { get; init; }

    /// <summary>Of the choice of prompts and of the pairs that are asked again.</summary>
    public required ulong Seed { get; init; }

    /// <summary>So many pairs are put to the judge a second time.</summary>
    public int Retest { get; init; }

    /// <exception cref="InvalidDataException">A file cannot be read, or no prompt is in all of them.</exception>
    public JudgedFiles Read()
    {
        List<RowAccount> accounts = [];
        (string Name, IReadOnlyList<ResponseRow> Rows) a = Rows(0, A, accounts);
        (string Name, IReadOnlyList<ResponseRow> Rows) b = Rows(1, B, accounts);
        (string Name, IReadOnlyList<ResponseRow> Rows)? third = Against is null ? null : Rows(2, Against, accounts);
        IEnumerable<string> common =
            a.Rows.Select(row => row.Prompt).Distinct(StringComparer.Ordinal).Intersect(b.Rows.Select(row => row.Prompt));
        string[] prompts = [.. third is null ? common : common.Intersect(third.Value.Rows.Select(row => row.Prompt))];
        if (prompts.Length == 0)
        {
            throw new InvalidDataException(
                $"{a.Name} and {b.Name}{(third is { } other ? $" and {other.Name}" : "")} have no prompt in common. "
                + "Prompts must be the same text: "
                + "conversations of a data set are written as the model in --model was asked, and plainly without it; "
                + $"the first of {a.Name} begins \"{Beginning(a.Rows[0].Prompt)}\", of {b.Name} \"{Beginning(b.Rows[0].Prompt)}\".");
        }

        HashSet<string> chosen = [.. PairedResponses.ChoosePrompts(prompts, Limit, Seed)];
        FileComparison[] comparisons = third is { } opponent ? [Match(a, opponent), Match(b, opponent)] : [Match(a, b)];
        ResponsePair[] askable = [.. comparisons.SelectMany(comparison => comparison.Responses.Pairs).Where(pair => !pair.IsIdentical)];
        return new JudgedFiles(
            comparisons,
            [
                .. PairDraws.Choose(askable, Retest, Seed, "judge/retest", pair => (pair.Prompt, pair.Sample))
                    .Select(pair => pair with { Repeat = 1 }),
            ])
        {
            Accounts = accounts,
        };

        FileComparison Match((string Name, IReadOnlyList<ResponseRow> Rows) left, (string Name, IReadOnlyList<ResponseRow> Rows) right)
        {
            PairedResponses all = PairedResponses.Match(left.Rows, right.Rows);
            return new FileComparison(
                left.Name, right.Name, all with { Pairs = [.. all.Pairs.Where(pair => chosen.Contains(pair.Prompt))] });
        }
    }

    public override IReadOnlyList<ResponsePair> Pairs(Func<Step, string> directoryOf) => Read().Pairs;

    private (string Name, IReadOnlyList<ResponseRow> Rows) Rows(int index, InputFile file, List<RowAccount> accounts) =>
        (Names[index], ResponseRows.Read(file.Path, Readings[index], Tokenizer, accounts.Add));

    private static string Beginning(string text) => text.Length <= 60 ? text : text[..60] + "...";
}

/// <summary>The pairs of two files.</summary>
public sealed record FileComparison(string A, string B, PairedResponses Responses);

/// <summary>Everything the judge is to decide.</summary>
/// <param name="Again">Pairs that are asked a second time.</param>
public sealed record JudgedFiles(IReadOnlyList<FileComparison> Comparisons, IReadOnlyList<ResponsePair> Again)
{
    /// <summary>What was not used of each file.</summary>
    public IReadOnlyList<RowAccount> Accounts { get; init; } = [];

    /// <summary>Of the comparisons, in their order.</summary>
    public IEnumerable<ResponsePair> First => Comparisons.SelectMany(comparison => comparison.Responses.Pairs);

    public IReadOnlyList<ResponsePair> Pairs { get; } =
        [.. Comparisons.SelectMany(comparison => comparison.Responses.Pairs), .. Again];
}
