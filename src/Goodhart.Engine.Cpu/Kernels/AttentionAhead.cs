namespace Goodhart.Engine.Cpu;

/// <summary>Brings near, a few rows at a time while one piece of attention is computed, what the next piece will read and write.</summary>
/// <param name="next">Null: there is no next one.</param>
/// <param name="turns">How often <see cref="Turn"/> will be called.</param>
internal unsafe struct AttentionAhead(AttentionCall call, AttentionTree? next, int head, int turns)
{
    private readonly int end = next is null ? 0 : next.EndRow;
    private readonly int rows = next is null ? 0 : ((next.EndRow - next.Segments[0].Start) / Math.Max(1, turns)) + 1;
    private int row = next is null ? 0 : next.Segments[0].Start;

    public void Turn<TS, TV>()
        where TS : ISimd<TV>
        where TV : struct
    {
        int last = Math.Min(end, row + rows);
        int shared = head / call.Group;
        int width = call.HeadDim;
        for (; row < last; row++)
        {
            int query = call.QueriesAlone ? Math.Min(row, call.Outputs - 1) : row;
            Fetch<TS, TV>(call.Queries.At(query, head), width);
            Fetch<TS, TV>(call.Keys.At(row, shared), width);
            Fetch<TS, TV>(call.Values.At(row, shared), width);
            if (call.Dy != null)
            {
                Fetch<TS, TV>(call.DQueries.At(query, head), width);
                Fetch<TS, TV>(call.DKeys.At(row, shared), width);
                Fetch<TS, TV>(call.DValues.At(row, shared), width);
            }

            // Where only some rows ask these are other rows, which will be wanted too.
            int output = Math.Min(row, call.Outputs - 1);
            Fetch<TS, TV>(call.Y + ((long)output * call.LdY) + (head * call.HeadDim), call.HeadDim);
            if (call.Dy != null)
            {
                Fetch<TS, TV>(call.Dy + ((long)output * call.LdDy) + (head * call.HeadDim), call.HeadDim);
            }
        }
    }

    private static void Fetch<TS, TV>(float* start, int count)
        where TS : ISimd<TV>
        where TV : struct
    {
        for (int i = 0; i < count; i += SimdBlock.Lanes)
        {
            TS.Fetch(start + i);
        }
    }
}
