namespace Goodhart.Engine.Cpu;

/// <summary>
/// How the columns of a product are cut: panels of three vectors, then of two. The right factor is packed panel by panel (row p of a
/// panel holds its columns of row p), zero beyond the last column; widths are chosen so that few lanes are zero.
/// </summary>
internal readonly record struct GemmPanels
{
    private readonly int wide;
    private readonly int narrow;
    private readonly int lanes;

    /// <param name="lanes">Floats in a vector.</param>
    /// <param name="three">Whether the instruction set has the registers for panels of three vectors.</param>
    public GemmPanels(int columns, int lanes, bool three)
    {
        int vectors = (columns + lanes - 1) / lanes;
        int rest = three ? vectors % 3 : vectors;
        int pairs = three && rest == 1 && vectors > 1 ? 2 : (rest + 1) / 2;
        Columns = columns;
        this.lanes = lanes;
        narrow = pairs;
        wide = three ? Math.Max(0, vectors - (2 * pairs)) / 3 : 0;
    }

    public int Columns { get; }

    public int Count => wide + narrow;

    /// <summary>Columns with the zeros: floats per row of the packed factor.</summary>
    public int PaddedColumns => Start(Count);

    /// <summary>First column of a panel.</summary>
    public int Start(int panel) => ((2 * panel) + Math.Min(panel, wide)) * lanes;

    public int Vectors(int panel) => panel < wide ? 3 : 2;

    public int Width(int panel) => Vectors(panel) * lanes;
}
