using System.Text.Json;

namespace Goodhart.Alignment.Tests.Losses;

/// <summary>Reads tests/golden/losses.</summary>
internal static class GoldenLosses
{
    private static readonly JsonSerializerOptions SnakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly Lazy<Dictionary<string, GoldenTable>> Tables = new(
        () => Read<Dictionary<string, GoldenTable>>("scalar_losses.json"));

    public static IReadOnlyCollection<string> Names => Tables.Value.Keys;

    public static T Read<T>(string file)
    {
        using FileStream stream = File.OpenRead(Path.Combine(Root(), "tests", "golden", "losses", file));
        return JsonSerializer.Deserialize<T>(stream, SnakeCase)!;
    }

    /// <summary>The rows of one loss of scalar_losses.json.</summary>
    public static GoldenPair[] Pairs(string loss)
    {
        GoldenTable table = Tables.Value[loss];
        return [.. table.Rows.Select(row => new GoldenPair(table.Columns.Zip(row).ToDictionary(cell => cell.First, cell => cell.Second)))];
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Goodhart.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("no Goodhart.slnx above the tests");
    }
}

internal sealed record GoldenTable(string[] Columns, JsonElement[][] Rows);

/// <summary>One row: a pair's log-probs, the loss's numbers, and what must come out.</summary>
internal sealed class GoldenPair(IReadOnlyDictionary<string, JsonElement> cells)
{
    public double this[string column] => cells[column].GetDouble();

    public bool IsExtreme => cells["extreme"].GetBoolean();

    public int Length(string column) => cells.TryGetValue(column, out JsonElement length) ? length.GetInt32() : 1;
}

internal sealed record GoldenBatch(
    string Name,
    double Beta,
    double LabelSmoothing,
    double[] PolicyChosen,
    double[] PolicyRejected,
    double[] ReferenceChosen,
    double[] ReferenceRejected,
    double MeanLoss,
    double[] GradPolicyChosen,
    double[] GradPolicyRejected);

internal sealed record GoldenIpo(
    double H, double Beta, double PaperForm, double ReferenceForm, double PaperGradDh, double ReferenceGradDh);

internal sealed record GoldenLogistic(double X, double Sigmoid, double LogSigmoid, double Softplus);
