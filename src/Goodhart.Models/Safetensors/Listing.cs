namespace Goodhart.Models.Safetensors;

/// <summary>Names in a message: the first few, and how many more.</summary>
internal static class Listing
{
    private const int Shown = 8;

    public static string Of(IEnumerable<string> names)
    {
        string[] all = [.. names];
        string first = string.Join(", ", all.Take(Shown));
        return all.Length <= Shown ? first : $"{first} and {all.Length - Shown} more";
    }
}
