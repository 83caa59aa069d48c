namespace Goodhart.Text;

/// <summary>What stands in a file where no value can be had of it.</summary>
/// <param name="Found">In words.</param>
/// <param name="IsNumber">NaN or an infinity, which JSON can only say as null; anything else would be lost.</param>
public sealed record CellFault(string Found, bool IsNumber)
{
    /// <summary>Bytes, or escapes of a string, that are no text in Unicode: half of a character, Latin-1, or binary data.</summary>
    public static readonly CellFault BrokenText = new("bytes or escapes that are no text in UTF-8", IsNumber: false);
}
