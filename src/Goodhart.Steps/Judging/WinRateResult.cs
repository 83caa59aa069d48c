using System.Text.Json.Nodes;
using Goodhart.Evaluation.Judges.Reports;

namespace Goodhart.Steps.Judging;

/// <summary>winrate.json.</summary>
/// <param name="Judge">Its identity.</param>
/// <param name="Models">Who answered how often, by the endpoint's own word; empty for a scorer.</param>
/// <param name="Difference">Of two policies against a third.</param>
/// <param name="Retest">Of the judge with itself.</param>
/// <param name="WithOther">Of the judge with that of another run.</param>
/// <param name="Notes">What was asked for and could not be told.</param>
public sealed record WinRateResult(
    JsonNode Judge,
    IReadOnlyList<WinRateComparison> Comparisons,
    WinRateDifference? Difference,
    Agreement? Retest,
    Agreement? WithOther,
    IReadOnlyList<string> Notes,
    IReadOnlyDictionary<string, int> Models);

/// <param name="PromptsOnlyInA">Not judged.</param>
public sealed record WinRateComparison(string A, string B, int PromptsOnlyInA, int PromptsOnlyInB, WinRate WinRate);
