using Goodhart.Text.Data;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>How the columns of a file make rows of training data.</summary>
public abstract record DatasetShape
{
    /// <summary>One phrase for reports: which columns, and how they are read.</summary>
    public abstract string Description { get; }

    /// <summary>How conversations become text; null where the columns are text already.</summary>
    internal virtual ConversationTemplate? Writer => null;

    /// <summary>The roles whose columns are read.</summary>
    internal abstract IReadOnlyList<string> Roles { get; }

    /// <summary>The response to imitate.</summary>
    internal abstract Reading<SftRow> ReadExample(Cells cells);

    /// <summary>The same for uses that want every row's prompt, such as a split: rows that are no example to imitate included.</summary>
    internal virtual Reading<SftRow> ReadWhole(Cells cells) => ReadExample(cells);

    /// <summary>The prompt that training on the row would give the model, for uses that need no response; null where the row has
    /// none.</summary>
    /// <remarks>What stands in a column <c>prompt</c> is something else wherever a dialogue becomes text.</remarks>
    internal abstract string? ReadPrompt(Cells cells);
}

/// <summary>A shape with two responses to choose between. As SFT data it gives the chosen one, as the DPO reference code does.</summary>
public abstract record PreferenceShape : DatasetShape
{
    internal abstract Reading<PreferenceRow> ReadPair(Cells cells);

    /// <param name="needsMargin">Whether a margin that is no number makes a bad row.</param>
    /// <param name="tally">Counts margins that are none.</param>
    internal Reading<PreferenceRow> ReadWithMargin(Cells cells, bool needsMargin, SkipTally? tally)
    {
        Reading<PreferenceRow> reading = ReadPair(cells);
        if (reading.Row is not { } row)
        {
            return reading;
        }

        double? margin = needsMargin ? MarginCell.Read(cells) : MarginCell.Find(cells);
        if (margin is null && !cells.IsMissing(MarginCell.Role))
        {
            tally?.CountMargin(BadRowException.Of(MarginCell.Fault(cells))!);
        }

        return row with { Margin = margin };
    }

    internal override Reading<SftRow> ReadExample(Cells cells)
    {
        Reading<PreferenceRow> pair = ReadPair(cells);
        return pair.Row is { } row ? new SftRow(row.Id, row.Prompt, row.Chosen) : pair.Skipped!.Value;
    }

    /// <summary>The rule for rows without a preference; the same for all shapes.</summary>
    private protected static SkipReason? MissingResponse(Cells cells) => (cells.IsMissing("chosen"), cells.IsMissing("rejected")) switch
    {
        (true, true) => SkipReason.NoPreference,
        (false, false) => null,
        _ => SkipReason.OneResponse,
    };
}

/// <summary>A shape with one completion.</summary>
public abstract record ExampleShape : DatasetShape;
