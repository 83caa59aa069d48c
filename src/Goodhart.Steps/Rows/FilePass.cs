using System.Text.Json;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Shapes;
using Goodhart.Text.Truncation;

namespace Goodhart.Steps.Rows;

/// <summary>A pass over a file. A row is cut as a whole: its prompt with its responses.</summary>
internal sealed class FilePass(FileRows source) : RowPass
{
    private readonly SkipTally tally = new();
    private Dataset? opened;
    private PairTokenizer? tokenizer;

    /// <summary>Texts that the model's own template has written get no further special tokens.</summary>
    private PairTokenizer Tokenizer => tokenizer ??= new(
        source.Tokenizer.Open(), source.Budget, source.Truncation, Data().WritesSpecialTokens);

    public override IEnumerable<TokenizedExample> Examples(RowSelection? selection) => Tokenizer.Tokenize(
        Chosen(Data().Examples(tally), selection, "rows"));

    public override IEnumerable<TokenizedPair> Pairs(RowSelection? selection) => Tokenizer.Tokenize(Selected(selection));

    public override IEnumerable<TokenizedPair> PairsWithDistinctPrompts(RowSelection? selection) =>
        Tokenizer.Tokenize(Selected(selection).DistinctBy(row => row.Prompt));

    public override IEnumerable<TokenizedPair> DistinctPrompts(RowSelection selection) =>
        Tokenizer.Tokenize(Chosen(Data().Preferences(tally).DistinctBy(row => row.Prompt), selection, "different prompts in pairs"));

    public override IEnumerable<LabelledResponse> Labelled() => Data().Shape is PreferenceShape
        ? Tokenizer.Tokenize(Data().Preferences(tally)).SelectMany(LabelledPair.Responses)
        : Tokenizer.Tokenize(Data().Labelled(tally));

    public override IEnumerable<TokenizedExample> Prompts()
    {
        opened = source.OpenPrompts();
        return Tokenizer.Tokenize(opened.Prompts(tally).Select(prompt => new SftRow(prompt.Source.Index, prompt.Text, "")));
    }

    public override TokenizedData Account(int rows) => new(
        rows,
        tally.Read,
        tally.Skipped.ToDictionary(skip => JsonNamingPolicy.CamelCase.ConvertName(skip.Key.ToString()), skip => skip.Value),
        Tokenizer.Report)
    {
        Unused = Data().Unused(tally),
        BadRows = tally.Bad,
        BadMargins = tally.BadMargins,
        Advice = tally.Used == 0 ? SkipAdvice.Of(Data(), tally) : null,
        CutPrompts = tally.CutPrompts,
        WrittenByTemplate = Data().WritesSpecialTokens,
    };

    private Dataset Data() => opened ??= source.OpenData();

    private IEnumerable<PreferenceRow> Selected(RowSelection? selection) => Chosen(Data().Preferences(tally), selection, "pairs");

    private IEnumerable<T> Chosen<T>(IEnumerable<T> rows, RowSelection? selection, string what) =>
        selection is null ? rows : selection.Of([.. rows], source.Data.Path, what);
}
