using Goodhart.Text.Data;

namespace Goodhart.Text.Audit;

/// <summary>What only pairs can have.</summary>
internal sealed class PairCounts
{
    private readonly HashSet<UInt128> seen = [];
    private int rows;
    private int equal;
    private int contradictions;
    private int longer;
    private int sameLength;
    private long difference;

    /// <param name="print">Of prompt, chosen, rejected.</param>
    /// <param name="chosen">Length of the chosen response.</param>
    /// <param name="rejected">Length of the rejected one.</param>
    public void Add(PreferenceRow row, UInt128 print, int chosen, int rejected)
    {
        rows++;
        bool same = row.Chosen == row.Rejected;
        equal += same ? 1 : 0;
        contradictions += !same && seen.Contains(Fingerprint.Of(row.Prompt, row.Rejected, row.Chosen)) ? 1 : 0;
        seen.Add(print);
        longer += chosen > rejected ? 1 : 0;
        sameLength += chosen == rejected ? 1 : 0;
        difference += chosen - rejected;
    }

    public PreferenceAudit Result() => new(
        equal, contradictions, ShareOf.From(longer, rows - sameLength), sameLength, rows == 0 ? 0 : (double)difference / rows);
}
