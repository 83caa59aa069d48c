namespace Goodhart.Engine.Torch.Attention;

/// <summary>A part of a forest's attention on the device: so many trees, each with its queries and its keys.</summary>
internal sealed class AttentionPart
{
    /// <summary>Added to the log-sum-exp of a query of padding, so that its probabilities are 0.</summary>
    private const float Never = 1e30f;

    /// <param name="queries">Rows of the matrix of queries.</param>
    /// <param name="outputs">Rows of the output.</param>
    /// <param name="mask">Empty for a causal part.</param>
    public AttentionPart(
        PartMembers members, RowTable keys, RowTable queries, RowTable outputs, float[] mask, IDevice device, IArena arena)
    {
        (Trees, IsCausal, Adds) = (members.Trees.Count, members.IsCausal, members.Adds);
        Keys = new PartRows(keys, device, arena);
        Queries = new PartRows(queries, device, arena);
        Outputs = new PartRows(outputs, device, arena);
        if (!IsCausal)
        {
            Mat wide = Floats(mask, Keys.Length);
            Mask = device.Info.Precision.Storage == DType.F32 ? wide : arena.Allocate(wide.Rows, wide.Cols, device.Info.Precision.Storage);
            if (Mask != wide)
            {
                device.Ops.Copy(wide, Mask);
            }
        }

        if (outputs.IsPadded)
        {
            float[] padding = new float[outputs.Rows.Length];
            Array.Fill(padding, Never);
            foreach (int place in outputs.Places)
            {
                padding[place] = 0;
            }

            Padding = Floats(padding, 1);
        }

        Mat Floats(float[] values, int cols)
        {
            Mat mat = arena.Allocate(values.Length / cols, cols);
            device.Upload(mat, values);
            return mat;
        }
    }

    public int Trees { get; }

    public PartRows Keys { get; }

    public PartRows Queries { get; }

    public PartRows Outputs { get; }

    /// <summary>[trees · queries, keys]: 0 where a query sees a key, −∞ where it does not; default where the part is causal.</summary>
    public Mat Mask { get; }

    /// <summary>[trees · queries, 1]: what makes a query of padding see nothing; default where there is no padding.</summary>
    public Mat Padding { get; }

    /// <inheritdoc cref="PartMembers.IsCausal"/>
    public bool IsCausal { get; }

    /// <inheritdoc cref="PartMembers.Adds"/>
    public bool Adds { get; }
}

/// <summary>A <see cref="RowTable"/> on the device.</summary>
internal sealed class PartRows
{
    public PartRows(RowTable table, IDevice device, IArena arena)
    {
        (Length, First) = (table.Length, table.First);
        if (First < 0)
        {
            Rows = device.UploadI32(arena, table.Rows);
            Places = device.UploadI32(arena, table.Places);
            Targets = device.UploadI32(arena, table.Targets);
        }
    }

    /// <summary>Of each tree, padding included.</summary>
    public int Length { get; }

    /// <summary>The first row where all are consecutive, and the tables are absent; otherwise −1.</summary>
    public int First { get; }

    /// <inheritdoc cref="RowTable.Rows"/>
    public Mat Rows { get; }

    /// <inheritdoc cref="RowTable.Places"/>
    public Mat Places { get; }

    /// <inheritdoc cref="RowTable.Targets"/>
    public Mat Targets { get; }
}
