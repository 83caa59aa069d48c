using System.Globalization;

namespace Goodhart.Text.Parquet;

/// <summary>Where in a file a reader is, for messages: file, row group, column, page, byte.</summary>
internal readonly record struct Place(string File, int? RowGroup = null, string? Column = null, int? Page = null, long? Offset = null)
{
    public InvalidDataException Refuse(string what, Exception? inner = null) => new($"{this}: {what}", inner);

    public NotSupportedException NotRead(string what) => new($"{this}: {what}");

    public override string ToString()
    {
        List<string> parts = [File];
        Add("row group", RowGroup);
        if (Column is not null)
        {
            parts.Add($"column '{Column}'");
        }

        Add("page", Page);
        Add("byte", Offset);
        return string.Join(", ", parts);

        void Add(string name, long? value)
        {
            if (value is { } number)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {number}"));
            }
        }
    }
}
