using System.Text.Json;
using Goodhart.Engine.Conformance.Folders;
using Goodhart.Models;
using Goodhart.Models.Scoring;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Engine.Torch.Tests.Precisions;

/// <summary>How far log-probs of bfloat16 are from those of float32: docs/devices.md states these distances.</summary>
public sealed class Bf16DistanceTests
{
    /// <summary>Of one token, in nats.</summary>
    private const double MostOfAToken = 0.15;

    /// <summary>Mean over tokens of the absolute difference, in nats.</summary>
    private const double MeanOfTokens = 0.03;

    public static TheoryData<string> Folders => CheckpointConformance.Folders;

    [Theory]
    [MemberData(nameof(Folders))]
    public void Log_probs_of_tokens_are_near(string folder)
    {
        double[] expected = LogProbs(TorchKind.One, folder);
        double[] actual = LogProbs(TorchKind.Stored, folder);
        double[] distances = [.. expected.Zip(actual, (a, b) => Math.Abs(a - b))];
        double largest = distances.Aggregate(Math.Max);   // NaN where any is
        Assert.True(largest <= MostOfAToken, FormattableString.Invariant($"largest {largest:F4}"));
        Assert.True(distances.Average() <= MeanOfTokens, FormattableString.Invariant($"mean {distances.Average():F4}"));
        Assert.True(largest > 1e-4, "nothing was stored as bfloat16");
    }

    [Fact]
    public void The_document_states_these_distances()
    {
        string document = File.ReadAllText(Path.Combine(Golden.Root, "docs", "devices.md"));
        Assert.Contains(FormattableString.Invariant($"at most {MostOfAToken} nats"), document, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"{MeanOfTokens} nats on average"), document, StringComparison.Ordinal);
    }

    private static double[] LogProbs(Func<IDevice> create, string folder)
    {
        JsonElement preference = Golden.Json(folder, "expected.json").GetProperty("preference");
        using IDevice device = create();
        using LanguageModel model = ModelFolder.Load(device, Golden.Path(folder, "policy"), training: false);
        using ResponseScorer scorer = new(model);
        return
        [
            .. scorer.TokenLogProbs([.. preference.GetProperty("pairs").EnumerateArray().Select(Tree)])
                .SelectMany(tree => tree.SelectMany(response => response)).Select(value => (double)value),
        ];
    }

    private static PromptTree Tree(JsonElement pair) => new(
        pair.GetProperty("prompt").Ints(), [pair.GetProperty("chosen").Ints(), pair.GetProperty("rejected").Ints()]);
}
