namespace Goodhart.Text.Audit;

/// <summary>A share of rows with Wilson's 95 % interval.</summary>
/// <param name="Count">Rows that have it.</param>
/// <param name="Of">Rows that could.</param>
/// <param name="Share">0 where no row could.</param>
public sealed record ShareOf(int Count, int Of, double Share, double Low, double High)
{
    private const double Z = 1.959963984540054;

    internal static ShareOf From(int count, int of)
    {
        if (of == 0)
        {
            return new ShareOf(0, 0, 0, 0, 1);
        }

        double share = (double)count / of;
        double scale = 1 + (Z * Z / of);
        double centre = (share + (Z * Z / (2 * of))) / scale;
        double half = Z / scale * Math.Sqrt((share * (1 - share) / of) + (Z * Z / (4.0 * of * of)));
        return new ShareOf(count, of, share, Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
