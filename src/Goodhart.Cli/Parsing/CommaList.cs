namespace Goodhart.Cli.Parsing;

/// <summary>Options that take several names: a,b,c.</summary>
internal static class CommaList
{
    public static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
