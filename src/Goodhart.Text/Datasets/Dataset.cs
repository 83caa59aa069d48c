using Goodhart.Text.Data;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Shapes;

namespace Goodhart.Text.Datasets;

/// <summary>A file of preference or SFT data, its columns understood.</summary>
public sealed class Dataset
{
    private readonly ColumnMap columns;
    private readonly ConversationTemplate template;
    private readonly double? maxBadRows;
    private readonly bool needsMargins;
    private readonly HashSet<string> used;
    private readonly Func<ConversationTemplate, Dataset> reopen;

    private Dataset(
        DataFile file, ColumnMap columns, ConversationTemplate template, RowReading reading, DatasetShape shape,
        Func<ConversationTemplate, Dataset> reopen)
    {
        File = file;
        this.reopen = reopen;
        Shape = shape;
        (this.columns, this.template) = (columns, template);
        (maxBadRows, needsMargins) = (reading.MaxBadRows, reading.NeedsMargins);
        used = [.. shape.Roles.Select(columns.Of), .. shape.Writer?.Columns ?? []];
    }

    public DataFile File { get; }

    public DatasetShape Shape { get; }

    /// <summary>Whether rows are conversations that a template writes, rather than texts.</summary>
    public bool HasConversations => Shape.Writer is not null;

    /// <summary>Whether the rows' texts have every special token that belongs in them, written by the model's own template.</summary>
    public bool WritesSpecialTokens => Shape.Writer?.WritesSpecialTokens == true;

    /// <param name="columns">Null: the columns have the roles' own names.</param>
    /// <param name="template">How conversations become text; null: <see cref="PlainDialogue"/>.</param>
    /// <exception cref="InvalidDataException">Not a file of rows, or no shape fits; the message says what was found.</exception>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    public static Dataset Open(string path, ColumnMap? columns = null, ConversationTemplate? template = null) =>
        Open(path, new RowReading { Columns = columns ?? ColumnMap.None }, template);

    /// <param name="reading">Where bad rows may be passed over, the file is read once to see how many there are.</param>
    /// <exception cref="InvalidDataException">Also where more rows are bad than may be.</exception>
    /// <inheritdoc cref="Open(string, ColumnMap?, ConversationTemplate?)"/>
    public static Dataset Open(string path, RowReading reading, ConversationTemplate? template = null) =>
        Open(path, reading, template, detection => detection.WithResponses());

    /// <summary>As <see cref="Open(string, RowReading, ConversationTemplate?)"/> for uses that take a file of prompts alone too.</summary>
    /// <inheritdoc cref="Open(string, RowReading, ConversationTemplate?)"/>
    public static Dataset OpenAny(string path, RowReading reading, ConversationTemplate? template = null) =>
        Open(path, reading, template, detection => detection.WithAny());

    /// <summary>As <see cref="Open(string, RowReading, ConversationTemplate?)"/> for a file whose prompts are wanted: it may have
    /// no responses.</summary>
    /// <exception cref="InvalidDataException">Not a file of rows, or no row has a prompt; the message says what was found.</exception>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    public static Dataset OpenPrompts(string path, RowReading? reading = null, ConversationTemplate? template = null) =>
        Open(path, reading ?? RowReading.Plain, template, detection => detection.WithPrompts());

    /// <summary>The same rows by what they say: a template hides where turns end, which responses are empty and which prompts are of one
    /// dialogue. The data themselves where their texts are that.</summary>
    internal Dataset Said() => Shape.Writer is null or CanonicalDialogue ? this : reopen(new CanonicalDialogue());

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

    /// <summary>Columns of those that <paramref name="tally"/> has seen that say nothing here, and those of types that are not
    /// read.</summary>
    public IReadOnlyList<string> Unused(SkipTally tally)
    {
        ArgumentNullException.ThrowIfNull(tally);
        string? margin = Shape is PreferenceShape ? columns.Of(MarginCell.Role) : null;
        return
        [
            .. tally.Columns.Where(column => !used.Contains(column) && column != margin),
            .. used.SelectMany(
                column => tally.MessageFields(column).Where(field => !template.Uses(field)).Select(field => $"{column}[].{field}")),
            .. File.UnreadColumns,
        ];
    }

    private static Dataset Open(string path, RowReading reading, ConversationTemplate? template, Func<ShapeDetection, DatasetShape> shape)
    {
        DataFile file = DataFile.Open(path);
        Action<BadRowException>? pass = reading.MaxBadRows is null ? null : _ => { };
        ColumnMap map = file.Rows(pass).FirstOrDefault() is { } first ? reading.Columns.For(first) : reading.Columns;
        template ??= new PlainDialogue();
        Dataset data = new(
            file, map, template, reading, shape(new ShapeDetection(file, reading.Columns, map, template, pass)),
            other => Open(path, reading, other, shape));
        data.RequireReadable();
        if (reading.MaxBadRows is not null)
        {
            SkipTally tally = new();
            int rows = data.Shape is LabelledExamples labelled ? data.Read(labelled.ReadLabelled, tally).Count()
                : data.Shape is PromptShape ? data.Prompts(tally).Count()
                : data.Shape is PreferenceShape ? data.Preferences(tally).Count()
                : data.Examples(tally).Count();
            data.RequireFewBad(tally);
        }

        return data;
    }

    private void RequireFewBad(SkipTally tally)
    {
        if (maxBadRows is { } share)
        {
            tally.RequireFewBad(File.Name, share);
        }
    }

    /// <summary>No column that would play a role is left out for its type.</summary>
    private void RequireReadable()
    {
        IReadOnlyList<string> unread = File.UnreadColumns;
        foreach (string role in Shape.Roles.Append(LabelCell.Role).Append(MarginCell.Role))
        {
            if (unread.Contains(columns.Of(role)))
            {
                throw new InvalidDataException(
                    $"{File.Name}, column {columns.Of(role)}: its type is not read, and it would be the {role}; write it as text or "
                    + $"numbers, or leave it out with --columns {role}=.");
            }
        }
    }

    /// <summary>The pairs in the file's order, as a stream.</summary>
    /// <param name="tally">Counts what is read and what is skipped, and why.</param>
    /// <exception cref="InvalidDataException">A file without preferences, or a bad row; the message has file, line and column.</exception>
    public IEnumerable<PreferenceRow> Preferences(SkipTally? tally = null) => PairSources(tally).Select(pair => pair.Row);

    /// <summary>Each pair with the row that it was found in.</summary>
    /// <inheritdoc cref="Preferences"/>
    public IEnumerable<(DataRow Source, PreferenceRow Row)> PairSources(SkipTally? tally = null)
    {
        PreferenceShape shape = RequirePreferences();
        return Read(cells => shape.ReadWithMargin(cells, needsMargins, tally), tally);
    }

    /// <summary>
    /// The responses with their labels in the file's order, as a stream: unpaired data, or pairs as two rows each, the chosen response
    /// desirable and before the rejected one, which is not.
    /// </summary>
    /// <param name="tally">Counts what is read and what is skipped, and why; a pair once.</param>
    /// <exception cref="InvalidDataException">A file without labels and preferences, or a bad row; the message has file, line and
    /// column.</exception>
    public IEnumerable<LabelledRow> Labelled(SkipTally? tally = null) => LabelledSources(tally).Select(labelled => labelled.Row);

    /// <summary>Each of them with the row that it was found in.</summary>
    /// <inheritdoc cref="Labelled"/>
    public IEnumerable<(DataRow Source, LabelledRow Row)> LabelledSources(SkipTally? tally = null) => Shape switch
    {
        LabelledExamples shape => Read(shape.ReadLabelled, tally),
        PreferenceShape => PairSources(tally).SelectMany(IEnumerable<(DataRow, LabelledRow)> (found) =>
        [
            (found.Source, new(found.Row.Id, found.Row.Prompt, found.Row.Chosen, IsDesirable: true)),
            (found.Source, new(found.Row.Id, found.Row.Prompt, found.Row.Rejected, IsDesirable: false)),
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
        foreach (
            (DataRow source, PreferenceRow row) in Read(cells => shape.ReadWithMargin(cells, needsMargin: true, tally: null), tally: null))
        {
            bool has = row.Margin is not null;
            any |= has;
            without ??= has ? null : source;
            if (any && without is not null)
            {
                throw without.Error(
                    columns.Of(MarginCell.Role),
                    "expected a number, as other rows have one; a margin of 0 says nothing more than the order");
            }
        }

        return any;
    }

    /// <summary>The SFT rows in the file's order, as a stream; of preference data, each prompt with its chosen response, or the desirable
    /// ones.</summary>
    /// <inheritdoc cref="Preferences"/>
    public IEnumerable<SftRow> Examples(SkipTally? tally = null) => Read(Shape.ReadExample, tally).Select(pair => pair.Row);

    /// <summary>As <see cref="Examples"/>, with the responses of unpaired data that nobody should imitate: for uses that want all
    /// prompts.</summary>
    public IEnumerable<SftRow> Whole(SkipTally? tally = null) => Sources(tally).Select(pair => pair.Row);

    /// <summary>Each row that is not skipped, with the prompt that was found in it.</summary>
    public IEnumerable<(DataRow Source, SftRow Row)> Sources(SkipTally? tally = null) => Read(Shape.ReadWhole, tally);

    /// <summary>The shape of a file of pairs.</summary>
    /// <exception cref="InvalidDataException">Other data; the message says what was found.</exception>
    public PreferenceShape RequirePreferences() => Shape as PreferenceShape ?? throw new InvalidDataException(
        $"{File.Name}: expected preference data (chosen and rejected), found "
        + (Shape is LabelledExamples ? "unpaired data, on which `align --loss kto` trains" : "SFT data") + $": {Shape.Description}.");

    private InvalidDataException WithoutLabels() =>
        File.Rows().Select(row => new Cells(row, columns)).Where(cells => !cells.IsMissing(LabelCell.Role)).Select(LabelCell.Fault)
            .FirstOrDefault()
        ?? new InvalidDataException(
            $"{File.Name}: expected responses with labels (prompt, completion, and label: true or false, 1 or 0) or pairs (chosen and "
                + "rejected), "
            + $"found SFT data: {Shape.Description}. A label of another name: --columns label=NAME.");

    private IEnumerable<(DataRow Source, T Row)> Read<T>(Func<Cells, Reading<T>> read, SkipTally? tally)
        where T : class
    {
        SkipTally counts = tally ?? new SkipTally();
        Action<BadRowException>? bad = maxBadRows is null ? null : counts.Count;
        MismatchTally mismatches = new();
        foreach (DataRow source in File.Rows(bad))
        {
            Cells cells = new(source, columns) { IsTable = File.Format == DataFormat.Parquet, Cut = counts.CountCutPrompt };
            if (Try(cells, read, bad, mismatches) is { } reading)
            {
                counts.Count(cells, reading.Skipped, used);
                if (reading.Row is { } row && mismatches.Count == 0)
                {
                    yield return (source, row);
                }
            }
        }

        mismatches.Refuse(counts.Read + mismatches.Count);

        RequireFewBad(counts);
    }

    /// <returns>Null for a bad row of which <paramref name="bad"/> was told.</returns>
    private Reading<T>? Try<T>(
        Cells cells, Func<Cells, Reading<T>> read, Action<BadRowException>? bad, MismatchTally mismatches)
        where T : class
    {
        BadRowException fault;
        try
        {
            return read(cells);
        }
        catch (MessageRefusedException refused)
        {
            fault = cells.Row.Fault(refused.Place, refused.Message + (bad is null && refused.Advice is { } advice ? $"; {advice}" : ""));
        }
        catch (PrefixMismatchException mismatch)
        {
            // Without leave to pass rows over, the rest of the file is read for how many there are.
            if (bad is null)
            {
                mismatches.Add(cells.Row, mismatch);
                return null;
            }

            fault = cells.Row.Fault(columns.Of(Shape.Roles[^1]), mismatch.Message);
        }
        catch (InvalidDataException refusal) when (bad is not null && BadRowException.Of(refusal) is { } found)
        {
            fault = found;
        }

        fault.Tell(bad);
        return null;
    }
}
