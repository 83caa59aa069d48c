using Goodhart.Text.Data;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Shapes;

namespace Goodhart.Text.Datasets;

/// <summary>A file of preference or SFT data, its columns understood.</summary>
public sealed class Dataset
{
    private readonly ColumnMap columns;

    private Dataset(DataFile file, ColumnMap columns, DatasetShape shape)
    {
        File = file;
        this.columns = columns;
        Shape = shape;
    }

    public DataFile File { get; }

    public DatasetShape Shape { get; }

    /// <param name="columns">Null: the columns have the roles' own names.</param>
    /// <param name="template">How conversations become text; null: <see cref="PlainDialogue"/>.</param>
    /// <exception cref="InvalidDataException">Not a file of rows, or no shape fits; the message says what was found.</exception>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    public static Dataset Open(string path, ColumnMap? columns = null, ConversationTemplate? template = null) =>
        Open(path, columns, template, detection => detection.WithResponses());

    /// <summary>As <see cref="Open(string, ColumnMap?, ConversationTemplate?)"/> for a file whose prompts are wanted: it may have no responses.</summary>
    /// <exception cref="InvalidDataException">Not a file of rows, or no row has a prompt; the message says what was found.</exception>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    public static Dataset OpenPrompts(string path, ColumnMap? columns = null, ConversationTemplate? template = null) =>
        Open(path, columns, template, detection => detection.WithPrompts());

    /// <summary>
    /// The prompts that training on the file gives the model, whatever stands in a column <c>prompt</c>; of unpaired data those of the
    /// desirable responses.
    /// </summary>
    /// <param name="tally">Counts what is read, and rows without a prompt.</param>
    /// <exception cref="InvalidDataException">A bad row; of a file of prompts alone also one without a prompt.</exception>
    public IEnumerable<PromptText> Prompts(SkipTally? tally = null) => Read<PromptText>(
        cells => Shape.ReadPrompt(cells) is { } prompt ? new PromptText(cells.Row, prompt)
            : Shape is PromptShape ? throw cells.Error("prompt", "a text or messages, as in other rows")
            : Shape is LabelledExamples ? Shape.ReadExample(cells).Skipped!.Value : SkipReason.NoPrompt,
        tally).Select(pair => pair.Row);

    /// <summary>Columns of those that <paramref name="tally"/> has seen that say nothing here, and those of types that are not read.</summary>
    public IReadOnlyList<string> Unused(SkipTally tally)
    {
        ArgumentNullException.ThrowIfNull(tally);
        HashSet<string> used = [.. Shape.Roles.Select(columns.Of)];
        if (Shape is PreferenceShape)
        {
            used.Add(columns.Of(MarginCell.Role));
        }

        return [.. tally.Columns.Where(column => !used.Contains(column)), .. File.UnreadColumns];
    }

    private static Dataset Open(string path, ColumnMap? columns, ConversationTemplate? template, Func<ShapeDetection, DatasetShape> shape)
    {
        DataFile file = DataFile.Open(path);
        ColumnMap named = columns ?? ColumnMap.None;
        ColumnMap map = file.Rows().FirstOrDefault() is { } first ? named.For(first) : named;
        return new Dataset(file, map, shape(new ShapeDetection(file, named, map, template ?? new PlainDialogue())));
    }

    /// <summary>The pairs in the file's order, as a stream.</summary>
    /// <param name="tally">Counts what is read and what is skipped, and why.</param>
    /// <exception cref="InvalidDataException">A file without preferences, or a bad row; the message has file, line and column.</exception>
    public IEnumerable<PreferenceRow> Preferences(SkipTally? tally = null)
    {
        PreferenceShape shape = RequirePreferences();
        return Read(shape.ReadPair, tally).Select(pair => pair.Row with { Margin = MarginCell.Read(pair.Source, columns) });
    }

    /// <summary>
    /// The responses with their labels in the file's order, as a stream: unpaired data, or pairs as two rows each, the chosen response
    /// desirable and before the rejected one, which is not.
    /// </summary>
    /// <param name="tally">Counts what is read and what is skipped, and why; a pair once.</param>
    /// <exception cref="InvalidDataException">A file without labels and preferences, or a bad row; the message has file, line and column.</exception>
    public IEnumerable<LabelledRow> Labelled(SkipTally? tally = null) => Shape switch
    {
        LabelledExamples shape => Read(shape.ReadLabelled, tally).Select(pair => pair.Row),
        PreferenceShape => Preferences(tally).SelectMany(IEnumerable<LabelledRow> (pair) =>
        [
            new(pair.Id, pair.Prompt, pair.Chosen, IsDesirable: true), new(pair.Id, pair.Prompt, pair.Rejected, IsDesirable: false),
        ]),
        _ => throw WithoutLabels(),
    };

    /// <summary>The shape of a file of responses with labels or of pairs.</summary>
    /// <exception cref="InvalidDataException">Other data; the message says what was found, and where.</exception>
    public DatasetShape RequireLabels() => Shape is LabelledExamples or PreferenceShape ? Shape : throw WithoutLabels();

    /// <summary>Whether the pairs have margins: all of them or none.</summary>
    /// <exception cref="InvalidDataException">Some have one and some do not; the message has file, line and column.</exception>
    public bool HaveMargins()
    {
        PreferenceShape shape = RequirePreferences();
        bool any = false;
        DataRow? without = null;
        foreach ((DataRow source, PreferenceRow _) in Read(shape.ReadPair, tally: null))
        {
            bool has = MarginCell.Read(source, columns) is not null;
            any |= has;
            without ??= has ? null : source;
            if (any && without is not null)
            {
                throw without.Error(columns.Of(MarginCell.Role), "expected a number, as other rows have one; a margin of 0 says nothing more than the order");
            }
        }

        return any;
    }

    /// <summary>The SFT rows in the file's order, as a stream; of preference data, each prompt with its chosen response, or the desirable ones.</summary>
    /// <inheritdoc cref="Preferences"/>
    public IEnumerable<SftRow> Examples(SkipTally? tally = null) => Read(Shape.ReadExample, tally).Select(pair => pair.Row);

    /// <summary>As <see cref="Examples"/>, with the responses of unpaired data that nobody should imitate: for uses that want all prompts.</summary>
    public IEnumerable<SftRow> Whole() => Sources().Select(pair => pair.Row);

    /// <summary>Each row that is not skipped, with the prompt that was found in it.</summary>
    internal IEnumerable<(DataRow Source, SftRow Row)> Sources(SkipTally? tally = null) => Read(Shape.ReadWhole, tally);

    /// <summary>The shape of a file of pairs.</summary>
    /// <exception cref="InvalidDataException">Other data; the message says what was found.</exception>
    public PreferenceShape RequirePreferences() => Shape as PreferenceShape ?? throw new InvalidDataException(
        $"{File.Name}: expected preference data (chosen and rejected), found "
        + (Shape is LabelledExamples ? "unpaired data, on which `align --loss kto` trains" : "SFT data") + $": {Shape.Description}.");

    private InvalidDataException WithoutLabels() =>
        File.Rows().Select(row => new Cells(row, columns)).Where(cells => !cells.IsMissing(LabelCell.Role)).Select(LabelCell.Fault).FirstOrDefault()
        ?? new InvalidDataException(
            $"{File.Name}: expected responses with labels (prompt, completion, and label: true or false, 1 or 0) or pairs (chosen and rejected), found "
            + $"SFT data: {Shape.Description}. A label of another name: --columns label=NAME.");

    private IEnumerable<(DataRow Source, T Row)> Read<T>(Func<Cells, Reading<T>> read, SkipTally? tally)
        where T : class
    {
        foreach (DataRow source in File.Rows())
        {
            Reading<T> reading = read(new Cells(source, columns));
            tally?.Count(source, reading.Skipped);
            if (reading.Row is { } row)
            {
                yield return (source, row);
            }
        }
    }
}
