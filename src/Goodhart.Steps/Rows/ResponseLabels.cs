using Goodhart.Alignment.Losses;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Rows;

/// <summary>How many responses have which label.</summary>
/// <param name="FromPairs">Whether each pair of a file became two rows.</param>
public sealed record ResponseLabels(int Desirable, int Undesirable, bool FromPairs)
{
    public static ResponseLabels Of(LabelledResponse[] rows)
    {
        int desirable = rows.Count(row => row.IsDesirable);
        return new ResponseLabels(desirable, rows.Length - desirable, Pairs(rows).Any());
    }

    /// <summary>The pairs that rows were made of: places of the desirable and of the undesirable response, which share an id.</summary>
    public static IEnumerable<(int Desirable, int Undesirable)> Pairs(LabelledResponse[] rows) =>
        Enumerable.Range(0, Math.Max(0, rows.Length - 1)).Where(row => rows[row].Id == rows[row + 1].Id).Select(row => (row, row + 1));

    /// <summary>w_d·n_d/(w_u·n_u); null where one kind is missing. TRL warns outside 1 to 4/3, after Eq. (8) of the KTO paper.</summary>
    public double? Balance(KtoLoss loss) =>
        Desirable == 0 || Undesirable == 0 ? null : loss.DesirableWeight * Desirable / (loss.UndesirableWeight * Undesirable);
}
