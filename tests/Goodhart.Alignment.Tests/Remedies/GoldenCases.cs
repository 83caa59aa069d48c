using System.Text.Json;
using Goodhart.Alignment.Losses;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Alignment.Tests.Remedies;

/// <summary>Reads tests/golden/remedies.</summary>
internal static class GoldenCases
{
    public static JsonElement[] Of(string file, string name)
    {
        JsonElement[] cases = [.. Golden.Json("remedies", file).GetProperty(name).EnumerateArray()];
        Assert.True(cases.Length >= 12, $"{name}: {cases.Length} cases");
        return cases;
    }

    public static double Number(this JsonElement element, string name) => element.GetProperty(name) switch
    {
        { ValueKind: JsonValueKind.String } infinite => infinite.GetString() == "inf" ? double.PositiveInfinity : double.NegativeInfinity,
        JsonElement number => number.GetDouble(),
    };

    public static double[] Numbers(this JsonElement element, string name) => element.GetProperty(name).Doubles();

    /// <summary>A pair's summed log-probs; lengths of 1 where the case has none.</summary>
    public static PairLogProbs Pair(this JsonElement element) => new(
        element.Number("policy_chosen"), element.Number("policy_rejected"), element.Number("reference_chosen"),
        element.Number("reference_rejected"),
        element.TryGetProperty("len_c", out JsonElement chosen) ? chosen.GetInt32() : 1,
        element.TryGetProperty("len_r", out JsonElement rejected) ? rejected.GetInt32() : 1);

    /// <summary>The pairs of a batch that is stored by columns.</summary>
    public static PairLogProbs[] Pairs(this JsonElement element)
    {
        double[] rejected = element.Numbers("policy_rejected");
        double[] referenceChosen = element.Numbers("reference_chosen");
        double[] referenceRejected = element.Numbers("reference_rejected");
        double[]? lengths = element.TryGetProperty("len_c", out JsonElement given) ? given.Doubles() : null;
        return
        [
            .. element.Numbers("policy_chosen").Select((chosen, i) => new PairLogProbs(
                chosen, rejected[i], referenceChosen[i], referenceRejected[i], (int)(lengths?[i] ?? 1), 1)),
        ];
    }

    public static void Close(double expected, double actual) => Assert.True(
        expected == actual || Math.Abs(actual - expected) <= Math.Max(1e-10 * Math.Abs(expected), 1e-12),
        $"expected {expected:R}, got {actual:R}");

    /// <summary>A term against the case's loss and derivatives.</summary>
    public static void Close(JsonElement expected, PairGradient actual)
    {
        Close(expected.Number("loss"), actual.Loss);
        Close(expected.Number("grad_policy_chosen"), actual.Chosen);
        Close(expected.Number("grad_policy_rejected"), actual.Rejected);
    }
}
