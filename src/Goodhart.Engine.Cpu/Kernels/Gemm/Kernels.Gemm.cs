namespace Goodhart.Engine.Cpu;

/// <content>Products: see <see cref="GemmCall"/> for what an element of a product is.</content>
internal abstract unsafe partial class Kernels
{
    /// <summary>Rows of a tile.</summary>
    public abstract int TileRows { get; }

    public abstract GemmPanels PanelsOf(int columns);

    /// <summary>Packs one panel of source [depth, columns].</summary>
    public abstract void PackPanel(float* source, nint stride, int depth, GemmPanels panels, int panel, float* packed);

    /// <summary>Packs panels [panel, endPanel) of source [depth, columns].</summary>
    public abstract void PackPanels(float* source, nint stride, int depth, GemmPanels panels, int panel, int endPanel, float* packed);

    /// <summary>Packs one panel of sourceᵀ, source [columns, depth].</summary>
    public abstract void PackPanelTransposed(float* source, nint stride, int depth, GemmPanels panels, int panel, float* packed);

    /// <summary>Computes rows [firstRow, endRow) of panels [firstPanel, endPanel).</summary>
    public abstract void Gemm(in GemmCall call, int firstRow, int endRow, int firstPanel, int endPanel, Scratch scratch);

    /// <summary>sums[j] continues with x[0][j], x[1][j], ...: x [rows, columns].</summary>
    public abstract void ColumnSums(float* x, nint stride, int rows, int columns, float* sums);
}
