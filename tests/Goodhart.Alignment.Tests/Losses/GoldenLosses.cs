using System.Text.Json;

namespace Goodhart.Alignment.Tests.Losses;

/// <summary>Reads tests/golden/losses.</summary>
internal static class GoldenLosses
{
    public static T Read<T>(string file)
    {
        using FileStream stream = File.OpenRead(Path.Combine(Root(), "tests", "golden", "losses", file));
        return JsonSerializer.Deserialize<T>(stream, SnakeCase)!;
    }

    private static readonly JsonSerializerOptions SnakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
    };

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

internal sealed record GoldenPair(
    double PolicyChosen,
    double PolicyRejected,
    double ReferenceChosen,
    double ReferenceRejected,
    double Beta,
    double Loss,
    double ChosenReward,
    double RejectedReward,
    double GradPolicyChosen,
    double GradPolicyRejected,
    bool Extreme);

internal sealed record GoldenIpo(
    double H, double Beta, double PaperForm, double ReferenceForm, double PaperGradDh, double ReferenceGradDh);

internal sealed record GoldenLogistic(double X, double Sigmoid, double LogSigmoid, double Softplus);
