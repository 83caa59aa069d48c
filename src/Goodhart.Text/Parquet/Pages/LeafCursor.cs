using System.Text.Json.Nodes;

namespace Goodhart.Text.Parquet.Pages;

/// <summary>Walks over the places of one column chunk, page after page.</summary>
internal sealed class LeafCursor(ChunkReader chunk, ParquetScalar scalar)
{
    private DecodedPage? _page;
    private int _place;
    private int _value;

    public Place Here => chunk.Here;

    public bool AtEnd
    {
        get
        {
            if (_page is not null && _place < _page.Count)
            {
                return false;
            }

            (_page, _place, _value) = (chunk.Next(), 0, 0);
            return _page is null;
        }
    }

    /// <summary>How much of the path down to the value is there.</summary>
    public int Definition => Level(Page.Definitions);

    /// <summary>0 where a row starts, 1 where its list goes on.</summary>
    public int Repetition => Level(Page.Repetitions);

    private DecodedPage Page => AtEnd ? throw Here.Refuse("the column ends before its rows do") : _page!;

    /// <summary>The value here, or null; then one place on.</summary>
    public JsonValue? Take()
    {
        JsonValue? value = null;
        if (Definition == scalar.MaxDefinition)
        {
            try
            {
                value = Page.Values.At(_value++);
            }
            catch (InvalidDataException problem)
            {
                throw Here.Refuse(problem.Message, problem);
            }
        }

        _place++;
        return value;
    }

    /// <summary>A column that is always there, or in no list, stores no levels: they are all 0.</summary>
    private int Level(int[] levels) => levels.Length == 0 ? 0 : levels[_place];
}
