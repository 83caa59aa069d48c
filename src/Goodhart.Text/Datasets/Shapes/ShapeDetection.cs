using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>Finds a file's shape from its first rows: the first row with a preference decides, or else the first with a
/// completion, and whether the first label there is says desirable or not.</summary>
/// <param name="named">What the user said of the columns.</param>
/// <param name="columns">The same with what the file's own names say.</param>
/// <param name="pass">Null where a line that is no row ends the reading.</param>
internal sealed class ShapeDetection(
    DataFile file, ColumnMap named, ColumnMap columns, ConversationTemplate template, Action<BadRowException>? pass)
{
    // Rows a judge called equal have no responses; a file may begin with many of them.
    private const int RowsLookedAt = 1000;

    private static readonly string[] Conversations = ["messages", "conversations"];

    private static readonly string[] TextRoles = ["prompt", "chosen", "rejected", "completion", "text", .. Conversations];

    private readonly SortedSet<string> found = new(StringComparer.Ordinal);
    private InvalidDataException? fault;
    private InvalidDataException? clue;

    /// <summary>Of a file with responses. Each column that the user named has to be there and to be of use.</summary>
    /// <exception cref="InvalidDataException">No row has the columns of any shape.</exception>
    public DatasetShape WithResponses()
    {
        DatasetShape? shape = Find();
        RequireNamed(shape);
        return shape ?? throw NoShape(
            "chosen and rejected (with prompt, conversations or neither), or prompt and completion (with label or not), or messages, "
                + "or text",
            "prompt=instruction,chosen=a,rejected=b");
    }

    /// <summary>Of a file whose prompts are wanted; it may have nothing else. What the user named besides may be another file's.</summary>
    /// <exception cref="InvalidDataException">No row has a prompt.</exception>
    public DatasetShape WithPrompts()
    {
        DatasetShape? shape = Find();
        if (named.Named.TryGetValue("prompt", out string? prompt))
        {
            RequireFound("prompt", prompt);
        }

        return (shape is null or WholeTexts ? FindPrompts() : null) ?? shape ?? throw NoShape(
            "prompt, as texts or messages, or the columns of preference or SFT data", "prompt=question");
    }

    /// <summary>Of a file with responses, or of one with prompts alone.</summary>
    /// <exception cref="InvalidDataException">No row has the columns of any shape.</exception>
    public DatasetShape WithAny() => Find() is null && FindPrompts() is { } prompts ? prompts : WithResponses();

    private PromptShape? FindPrompts() => Rows().Select(PromptsAlone).OfType<PromptShape>().FirstOrDefault();

    private IEnumerable<Cells> Rows() => file.Rows(pass).Take(RowsLookedAt).Select(row => new Cells(row, columns));

    private DatasetShape? Find()
    {
        ExampleShape? example = null;
        Cells? labelled = null;
        foreach (Cells cells in Rows())
        {
            found.UnionWith(cells.Row.Fields.Select(field => field.Key));
            try
            {
                if (Preference(cells) is { } preference)
                {
                    return preference;
                }
            }
            catch (InvalidDataException refusal) when (BadRowException.Of(refusal) is not null)
            {
                fault ??= refusal;   // says nothing about the other rows; reading comes to it in its turn
            }

            clue ??= Clue(cells);
            example ??= Example(cells);
            labelled = (labelled is { } known && !known.IsFaulty(LabelCell.Role)) || cells.IsMissing(LabelCell.Role) ? labelled : cells;
        }

        // A number that is none, such as NaN, is a label that cannot be used, and no other kind of column.
        bool hasLabels = labelled is { } first
            && (LabelCell.Find(first) is not null || first.IsFaulty(LabelCell.Role) || named.Named.ContainsKey(LabelCell.Role));
        return example is not null && hasLabels ? new LabelledExamples(example) : example;
    }

    /// <summary>No column that the user named is passed over.</summary>
    private void RequireNamed(DatasetShape? shape)
    {
        foreach ((string role, string column) in named.Named.Where(column => column.Value.Length > 0))
        {
            RequireFound(role, column);
            if (shape?.Roles.Contains(role) == false && !(role == MarginCell.Role && shape is PreferenceShape))
            {
                throw new InvalidDataException(
                    $"{file.Name}: --columns {role}={column}: not used, as the file is read as {shape.Description}; "
                    + $"it has {string.Join(", ", shape.Roles)}.");
            }
        }
    }

    private void RequireFound(string role, string column)
    {
        if (column.Length > 0 && !found.Contains(column))
        {
            throw new InvalidDataException(
                $"{file.Name}: --columns {role}={column}: no column '{column}'; found {string.Join(", ", found)}.");
        }
    }

    private InvalidDataException NoShape(string expected, string example) => fault ?? clue ?? new InvalidDataException(
        $"{file.Name}: {(found.Count == 0 ? "no rows" : $"found columns {string.Join(", ", found)}")}; "
        + $"expected {expected}. Name yours with --columns, for example --columns {example}.");

    /// <summary>What a row has in a role that may be why no shape is found: a value that cannot be had, or a text where a list has to
    /// be.</summary>
    private static InvalidDataException? Clue(Cells cells) =>
        Array.Find(TextRoles, cells.IsFaulty) is { } faulty ? cells.Error(faulty, "a text or messages")
        : Array.Find(Conversations, cells.IsText) is { } text ? cells.NoList(text)
        : null;

    private PreferenceShape? Preference(Cells cells)
    {
        if (cells.IsMissing("chosen") || cells.IsMissing("rejected"))
        {
            return null;
        }

        string? history = Array.Find(["prompt", "conversations", "messages"], cells.IsConversation);
        if (history is not null && (history == "prompt" || AnswerTurns.GoOn(cells, history)))
        {
            return new ConversationPairs(history, template);
        }

        if (cells.IsText("chosen") && cells.IsText("rejected"))
        {
            return AlpacaPrompt.IsIn(cells) ? new AlpacaPairs(Alpaca())
                : cells.IsText("prompt") ? new StringPairs()
                : cells.Has("prompt") ? null   // a null prompt here says nothing about the other rows
                : new ImplicitDialogues(template as TurnTemplate ?? new PlainDialogue());
        }

        return !cells.IsConversation("chosen") || !cells.IsConversation("rejected") ? null
            : cells.IsText("prompt") && cells.Messages("chosen")[0].Speaker == Speaker.Assistant ? new ConversationPairs("prompt", template)
            : new ImplicitConversations(template);
    }

    private ExampleShape? Example(Cells cells)
    {
        if (!cells.IsMissing("completion") && !cells.IsMissing("prompt"))
        {
            return AlpacaPrompt.IsIn(cells) ? new AlpacaExamples(Alpaca())
                : cells.IsConversation("prompt") ? new ConversationCompletions(template) : new PromptCompletions();
        }

        string? whole = Array.Find(Conversations, cells.IsConversation);
        return whole is not null ? new WholeConversations(whole, template) : cells.IsText("text") ? new WholeTexts() : null;
    }

    private PromptShape? PromptsAlone(Cells cells) => AlpacaPrompt.IsIn(cells) ? new AlpacaPrompts(Alpaca())
        : cells.IsText("prompt") ? new TextPrompts()
        : !cells.IsMissing("prompt") && cells.IsConversation("prompt") ? new ConversationPrompts(template) : null;

    /// <summary>Without turns before the instruction it is a plain text, in all rows; with turns in any row it is a dialogue in
    /// all rows.</summary>
    private AlpacaPrompt Alpaca() => file.Rows(pass).Any(row => AlpacaPrompt.HasDialogue(new Cells(row, columns)))
        ? new AlpacaDialogue(template) : new AlpacaPrompt();
}
