using Goodhart.Text.Data;

namespace Goodhart.Text.Audit;

/// <summary>What only unpaired data can have.</summary>
internal sealed class LabelCounts
{
    private readonly HashSet<UInt128> desirable = [];
    private readonly HashSet<UInt128> undesirable = [];
    private readonly HashSet<UInt128> prompts = [];
    private readonly HashSet<UInt128> otherPrompts = [];
    private int good;
    private int rows;
    private int contradictions;

    public void Add(LabelledRow row)
    {
        rows++;
        good += row.IsDesirable ? 1 : 0;
        (HashSet<UInt128> same, HashSet<UInt128> other) = row.IsDesirable ? (desirable, undesirable) : (undesirable, desirable);
        UInt128 print = Fingerprint.Of(row.Prompt, row.Completion);
        contradictions += other.Contains(print) ? 1 : 0;
        same.Add(print);
        (row.IsDesirable ? prompts : otherPrompts).Add(Fingerprint.Of(row.Prompt));
    }

    public LabelAudit Result() => new(ShareOf.From(good, rows), rows - good, contradictions, prompts.Count(otherPrompts.Contains));
}
