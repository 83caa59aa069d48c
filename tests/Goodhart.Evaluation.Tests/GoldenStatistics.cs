using System.Text.Json;
using Xunit;

namespace Goodhart.Evaluation.Tests;

/// <summary>Reads tests/golden/stats (its README says where the numbers come from).</summary>
internal static class GoldenStatistics
{
    public static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file))).RootElement;

    public static IEnumerable<JsonElement> Cases(string file, string property) => Read(file).GetProperty(property).EnumerateArray();

    public static double[] Doubles(this JsonElement element, string property) =>
        [.. element.GetProperty(property).EnumerateArray().Select(value => value.GetDouble())];

    public static double Double(this JsonElement element, string property) => element.GetProperty(property).GetDouble();

    /// <summary>Null where the reference is undefined.</summary>
    public static double? DoubleOrNull(this JsonElement element, string property) =>
        element.TryGetProperty(property, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    public static string Name(this JsonElement element) => element.GetProperty("name").GetString()!;

    /// <summary>|expected − actual| ≤ relative·|expected| + absolute.</summary>
    public static void Close(double? expected, double? actual, string what, double relative = 1e-9, double absolute = 1e-12)
    {
        if (expected is not { } wanted || actual is not { } got)
        {
            Assert.True(expected is null && actual is null, $"{what}: expected {Text(expected)}, got {Text(actual)}");
            return;
        }

        bool close = wanted.Equals(got) || Math.Abs(wanted - got) <= (relative * Math.Abs(wanted)) + absolute;
        Assert.True(close, FormattableString.Invariant($"{what}: expected {wanted:R}, got {got:R}"));
    }

    private static string Text(double? value) => value is { } number ? FormattableString.Invariant($"{number:R}") : "null";

    private static string Folder
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Goodhart.slnx")))
            {
                folder = folder.Parent;
            }

            Assert.NotNull(folder);
            return Path.Combine(folder.FullName, "tests", "golden", "stats");
        }
    }
}
