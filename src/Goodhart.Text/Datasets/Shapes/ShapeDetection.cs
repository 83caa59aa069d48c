using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>Finds a file's shape from its first rows: the first row with a preference decides, or else the first with a
/// completion, and whether the first label there is says desirable or not.</summary>
internal static class ShapeDetection
{
    // Rows a judge called equal have no responses; a file may begin with many of them.
    private const int RowsLookedAt = 1000;

    /// <param name="named">What the user said of the columns: each has to be there and to be of use.</param>
    /// <param name="columns">The same with what the file's own names say.</param>
    /// <exception cref="InvalidDataException">No row has the columns of any shape.</exception>
    public static DatasetShape Of(DataFile file, ColumnMap named, ColumnMap columns, ConversationTemplate template)
    {
        SortedSet<string> found = new(StringComparer.Ordinal);
        ExampleShape? example = null;
        Cells? labelled = null;
        foreach (DataRow row in file.Rows().Take(RowsLookedAt))
        {
            found.UnionWith(row.Fields.Select(field => field.Key));
            Cells cells = new(row, columns);
            if (Preference(cells, template) is { } preference)
            {
                return Checked(file, named, found, preference);
            }

            example ??= Example(cells, template);
            labelled ??= cells.IsMissing(LabelCell.Role) ? null : cells;
        }

        bool hasLabels = labelled is { } first && (LabelCell.Find(first) is not null || named.Named.ContainsKey(LabelCell.Role));
        return Checked(file, named, found, example is not null && hasLabels ? new LabelledExamples(example) : example);
    }

    /// <summary>No column that the user named is passed over.</summary>
    private static DatasetShape Checked(DataFile file, ColumnMap columns, SortedSet<string> found, DatasetShape? shape)
    {
        foreach ((string role, string column) in columns.Named)
        {
            if (!found.Contains(column))
            {
                throw new InvalidDataException(
                    $"{file.Name}: --columns {role}={column}: no column '{column}'; found {string.Join(", ", found)}.");
            }

            if (shape?.Roles.Contains(role) == false && !(role == MarginCell.Role && shape is PreferenceShape))
            {
                throw new InvalidDataException(
                    $"{file.Name}: --columns {role}={column}: not used, as the file is read as {shape.Description}; "
                    + $"it has {string.Join(", ", shape.Roles)}.");
            }
        }

        return shape ?? throw new InvalidDataException(
            $"{file.Name}: {(found.Count == 0 ? "no rows" : $"found columns {string.Join(", ", found)}")}; "
            + "expected chosen and rejected (with prompt, conversations or neither), or prompt and completion (with label or not), or messages, or text. "
            + "Name yours with --columns, for example --columns prompt=instruction,chosen=a,rejected=b.");
    }

    private static PreferenceShape? Preference(Cells cells, ConversationTemplate template)
    {
        if (cells.IsMissing("chosen") || cells.IsMissing("rejected"))
        {
            return null;
        }

        bool texts = cells.IsText("chosen") && cells.IsText("rejected");
        string? history = Array.Find(["prompt", "conversations", "messages"], cells.IsConversation);
        if (history is not null)
        {
            return new ConversationPairs(history, template);
        }

        if (texts)
        {
            return AlpacaPrompt.IsIn(cells) ? new AlpacaPairs()
                : cells.IsText("prompt") ? new StringPairs()
                : cells.Has("prompt") ? null   // a null prompt here says nothing about the other rows
                : new ImplicitDialogues(template);
        }

        return !cells.IsConversation("chosen") || !cells.IsConversation("rejected") ? null
            : cells.IsText("prompt") && cells.Messages("chosen")[0].Speaker == Speaker.Assistant ? new ConversationPairs("prompt", template)
            : new ImplicitConversations(template);
    }

    private static ExampleShape? Example(Cells cells, ConversationTemplate template)
    {
        if (!cells.IsMissing("completion") && !cells.IsMissing("prompt"))
        {
            return AlpacaPrompt.IsIn(cells) ? new AlpacaExamples() : new PromptCompletions(template);
        }

        string? whole = Array.Find(["messages", "conversations"], cells.IsConversation);
        return whole is not null ? new WholeConversations(whole, template) : cells.IsText("text") ? new WholeTexts() : null;
    }
}
