using System.Text.Json.Nodes;

namespace Goodhart.Text.Parquet.Pages;

/// <summary>Walks over the places of one column chunk, page after page.</summary>
internal sealed class LeafCursor(ChunkReader chunk, ParquetScalar scalar)
{
    private DecodedPage? current;
    private int place;
    private int next;

    public Place Here => chunk.Here;

    public bool AtEnd
    {
        get
        {
            if (current is not null && place < current.Count)
            {
                return false;
            }

            (current, place, next) = (chunk.Next(), 0, 0);
            return current is null;
        }
    }

    /// <summary>How much of the path down to the value is there.</summary>
    public int Definition => Level(Page.Definitions);

    /// <summary>0 where a row starts, 1 where its list goes on.</summary>
    public int Repetition => Level(Page.Repetitions);

    private DecodedPage Page => AtEnd ? throw Here.Refuse("the column ends before its rows do") : current!;

    /// <summary>The value here, or null; then one place on.</summary>
    public JsonValue? Take()
    {
        JsonValue? value = null;
        if (Definition == scalar.MaxDefinition)
        {
            try
            {
                value = Page.Values.At(next++);
            }
            catch (InvalidDataException problem)
            {
                throw Here.Refuse(problem.Message, problem);
            }
        }

        place++;
        return value;
    }

    /// <summary>A column that is always there, or in no list, stores no levels: they are all 0.</summary>
    private int Level(int[] levels) => levels.Length == 0 ? 0 : levels[place];
}
