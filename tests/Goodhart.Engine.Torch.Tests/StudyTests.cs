using System.Diagnostics;
using System.Text.Json;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Engine.Torch.Tests;

/// <summary>Whole studies on libtorch's CPU beside those of our own engine, and in bfloat16.</summary>
public sealed class StudyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("goodhart-study-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Of the divergence of every policy that was trained, relative to float32's, plus nats.</summary>
    [Theory]
    [InlineData("smoke", 0.05, 0.003)]
    public async Task Bf16_gives_the_divergences_of_float32(string preset, double relative, double nats) =>
        Near(await Study(preset, OnTorch("f32")), await Study(preset, OnTorch("bf16")), relative, nats);

    [Theory]
    [InlineData("quick", 0.10, 0.02)]
    [InlineData("default", 0.10, 0.02)]
    [Trait("Category", "Slow")]
    public Task Bf16_gives_the_divergences_of_float32_in_whole_studies(string preset, double relative, double nats) =>
        Bf16_gives_the_divergences_of_float32(preset, relative, nats);

    /// <summary>Verdicts on the paper's claims: libtorch's numbers are ours but for rounding, and training carries that on.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task The_quick_study_comes_to_the_same_verdicts_as_on_our_own_engine()
    {
        JsonElement own = await Study("quick", ["--device", "cpu"]);
        JsonElement torch = await Study("quick", OnTorch("f32"));
        Assert.Equal(Verdicts(own), Verdicts(torch));
        Near(own, torch, relative: 0.10, nats: 0.02);
    }

    private static string[] OnTorch(string precision) =>
        ["--device", "torch", "--libtorch", AppContext.BaseDirectory, "--precision", precision];

    private static string[] Verdicts(JsonElement results)
    {
        string[] verdicts =
        [
            .. results.GetProperty("claims").EnumerateArray().Select(
                claim => $"{claim.GetProperty("id").GetString()}: {claim.GetProperty("verdict").GetString()}"),
        ];
        Assert.NotEmpty(verdicts);
        return verdicts;
    }

    private static void Near(JsonElement expected, JsonElement actual, double relative, double nats)
    {
        (string Name, double Kl)[] wanted = [.. Divergences(expected)];
        (string Name, double Kl)[] found = [.. Divergences(actual)];
        Assert.Equal(wanted.Select(point => point.Name), found.Select(point => point.Name));
        Assert.Contains(wanted, point => point.Kl > 0.02);
        foreach (((string name, double kl), (_, double other)) in wanted.Zip(found))
        {
            Assert.True(
                Math.Abs(kl - other) <= (relative * kl) + nats, FormattableString.Invariant($"{name}: KL {kl:F4} and {other:F4} nats"));
        }
    }

    private static IEnumerable<(string Name, double Kl)> Divergences(JsonElement results) =>
        results.GetProperty("points").EnumerateArray().Select(point => (
            $"{point.GetProperty("loss")} β={point.GetProperty("beta")} at {point.GetProperty("fraction")}",
            point.GetProperty("kl").GetDouble()));

    private async Task<JsonElement> Study(string preset, string[] device)
    {
        string target = Path.Combine(folder, $"{preset}-{device[^1]}");
        using Process process = Process.Start(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [
                "exec", Path.Combine(AppContext.BaseDirectory, "goodhart.dll"), "study", "--preset", preset, "--out", target, "--quiet",
                .. device,
            ]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return JsonDocument.Parse(File.ReadAllText(Path.Combine(target, "results.json"))).RootElement;
    }
}
