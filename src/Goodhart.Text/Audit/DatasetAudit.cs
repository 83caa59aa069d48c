using Goodhart.Text.Datasets;
using Goodhart.Text.Truncation;

namespace Goodhart.Text.Audit;

/// <summary>What a careful person wants to know of a data set before a day is spent on it.</summary>
public sealed record DatasetAudit
{
    public required string File { get; init; }

    /// <summary>Format and compression, as found in the content.</summary>
    public required string Format { get; init; }

    /// <summary>How its columns are read.</summary>
    public required string Shape { get; init; }

    /// <summary>Rows in the file.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows that training would use.</summary>
    public required int Used { get; init; }

    /// <summary>The others, by reason.</summary>
    public required IReadOnlyDictionary<SkipReason, int> Skipped { get; init; }

    /// <summary>Rows that cannot be used and were passed over, by reason.</summary>
    public IReadOnlyList<BadRowCount> BadRows { get; init; } = [];

    /// <summary>Margins that are no numbers, by reason: the pairs are used, but no reward model trains on them.</summary>
    public IReadOnlyList<BadRowCount> BadMargins { get; init; } = [];

    /// <summary>Columns that say nothing in this shape, or whose types are not read.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>What <see cref="Lengths"/> are counted in.</summary>
    public required string Unit { get; init; }

    /// <summary>By column: prompt and chosen, rejected; or completion; or desirable, undesirable.</summary>
    public required IReadOnlyDictionary<string, LengthSummary> Lengths { get; init; }

    public required PromptAudit Prompts { get; init; }

    /// <summary>Null for SFT and unpaired data.</summary>
    public PreferenceAudit? Preferences { get; init; }

    /// <summary>Null but for unpaired data.</summary>
    public LabelAudit? Labels { get; init; }

    /// <summary>Rows whose text was seen before in the file: prompt and all responses the same.</summary>
    public required int DuplicateRows { get; init; }

    /// <summary>Responses without text, or of white space only.</summary>
    public required int EmptyResponses { get; init; }

    /// <summary>Against another file; null if none was named.</summary>
    public OverlapAudit? Overlap { get; init; }

    /// <summary>What each policy would do under the length budget; empty without one.</summary>
    public IReadOnlyList<TruncationReport> Budgets { get; init; } = [];
}

/// <param name="Distinct">Different prompts.</param>
/// <param name="Repeated">Rows whose prompt an earlier row has.</param>
/// <param name="Continued">Different prompts that go on from another row's: one dialogue, cut at several turns.</param>
/// <param name="Empty">Prompts without text.</param>
/// <param name="Cues">The last lines that end with a colon ("TL;DR:") and how many prompts end with each; the ten most frequent.</param>
public sealed record PromptAudit(int Distinct, int Repeated, int Continued, int Empty, IReadOnlyDictionary<string, int> Cues);

/// <summary>What only pairs can have.</summary>
/// <param name="EqualResponses">Pairs whose responses are the same text: there is nothing to learn from them.</param>
/// <param name="Contradictions">Rows whose pair an earlier row has with the labels the other way round.</param>
/// <param name="Longer">How often the chosen response is the longer one, of pairs whose lengths differ. Over-optimization finds this
/// bias.</param>
/// <param name="SameLength">Pairs of equal length.</param>
/// <param name="MeanLengthDifference">Chosen minus rejected.</param>
public sealed record PreferenceAudit(int EqualResponses, int Contradictions, ShareOf Longer, int SameLength, double MeanLengthDifference);

/// <summary>What only unpaired data can have.</summary>
/// <param name="Desirable">Rows with that label.</param>
/// <param name="Undesirable">The other rows.</param>
/// <param name="Contradictions">Rows whose prompt and response an earlier row has with the other label.</param>
/// <param name="MixedPrompts">Different prompts that have responses of both labels.</param>
public sealed record LabelAudit(ShareOf Desirable, int Undesirable, int Contradictions, int MixedPrompts);

/// <summary>What two files share; found by hash.</summary>
/// <param name="File">The other file.</param>
/// <param name="OtherPrompts">Different prompts of the other file.</param>
/// <param name="SharedPrompts">Different prompts that both have: training on one leaks into the other.</param>
/// <param name="Rows">Rows of this file with such a prompt.</param>
/// <param name="ContinuedPrompts">Further prompts of this file that go on from one of the other, or that one of the other goes on
/// from.</param>
public sealed record OverlapAudit(string File, int OtherPrompts, int SharedPrompts, int Rows, int ContinuedPrompts);
