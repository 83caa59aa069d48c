namespace Goodhart.Text.Truncation;

/// <summary>What tokenising under a policy did to a data set.</summary>
public sealed record TruncationReport
{
    public required string Policy { get; init; }

    public required LengthBudget Budget { get; init; }

    /// <summary>Rows seen.</summary>
    public int Rows { get; init; }

    /// <summary>Rows left out because they do not fit.</summary>
    public int Dropped { get; init; }

    /// <summary>Rows kept whose prompt or response was cut.</summary>
    public int Cut { get; init; }

    public int PromptsCut { get; init; }

    public int ResponsesCut { get; init; }

    public long PromptTokensLost { get; init; }

    public long ResponseTokensLost { get; init; }

    /// <summary>Cut prompts that no longer end with their cue, by cue.</summary>
    public IReadOnlyDictionary<string, int> CuesLost { get; init; } = new SortedDictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Responses whose EOS was cut away; only the reference code's policies do that.</summary>
    public int EosLost { get; init; }

    /// <summary>Texts that spell EOS before their end: a model that stops at the first EOS never sees what follows.</summary>
    public int EosInside { get; init; }

    /// <summary>Prompts without text, which became a single BOS or EOS.</summary>
    public int EmptyPrompts { get; init; }

    /// <summary>Tokens of the kept rows: prompt once, each response once.</summary>
    public long TokensKept { get; init; }
}
