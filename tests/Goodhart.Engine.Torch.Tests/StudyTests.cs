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

    /// <summary>From one SFT model: verdicts on the paper's claims, and every policy's divergence.</summary>
    /// <remarks>Rounding carried through an alignment run moves little; what a perturbation of 1e-7 in pre-training moves is in
    /// docs/devices.md.</remarks>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task From_one_SFT_model_the_quick_studys_direct_runs_are_those_of_our_own_engine()
    {
        await Study("quick", ["--set", "align.losses=[dpo]", "--set", "align.betas=[1.6]", "--device", "cpu"]);
        string model = Path.Combine(
            Assert.Single(Directory.EnumerateDirectories(Path.Combine(folder, "quick-cpu", "steps"), "sft-segment-*"), Holds), "model");
        string file = Path.Combine(folder, "direct.yaml");
        File.WriteAllText(file, $"""
            name: direct
            world: tldr
            models:
              - name: M
                from: {model}
            sft: none
            align:
              losses: [dpo, ipo, slic]
              betas: [0.01, 0.1, 0.4, 1.6]
              checkpoints: [0.2, 0.4, 0.6, 0.8, 1.0]
              pairs: 8192
              batchSize: 32
              optimizer:
                name: rmsprop
                alpha: 0.99
                eps: 1e-8
              learningRate: 2e-4
              warmupSteps: 29
              clipNorm: 10
            evaluate:
              prompts: 256
              temperature: 1.0
              maxNewTokens: 48
              samplesPerPrompt: 1
              finalSamplesPerPrompt: 2
              heldOutPairs: 256
            seeds: [0]
            keep: none
            """);
        JsonElement own = await Study(file, ["--device", "cpu"]);
        JsonElement torch = await Study(file, OnTorch("f32"));
        Assert.Equal(Verdicts(own), Verdicts(torch));
        Near(own, torch, relative: 0.002, nats: 0.001);

        static bool Holds(string step) => File.Exists(Path.Combine(step, "model", "model.safetensors"));
    }

    /// <summary>Pre-training's transitions multiply rounding, so two devices have two SFT models: no claim is turned round by that.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task The_quick_study_contradicts_nothing_that_it_supports_on_our_own_engine()
    {
        JsonElement own = await Study("quick", ["--device", "cpu"]);
        JsonElement torch = await Study("quick", OnTorch("f32"));
        double[][] losses = [.. ((string[])["cpu", "f32"]).Select(PretrainingLosses)];
        Assert.All(losses[0].Zip(losses[1]).Take(300), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Dictionary<string, string> verdicts = VerdictsById(own);
        foreach ((string claim, string verdict) in VerdictsById(torch))
        {
            Assert.False(
                (verdicts.GetValueOrDefault(claim), verdict) is ("supported", "contradicted") or ("contradicted", "supported"), claim);
        }

        double[] PretrainingLosses(string device)
        {
            foreach (string step in Directory.EnumerateDirectories(Path.Combine(folder, $"quick-{device}", "steps"), "sft-segment-*"))
            {
                using JsonDocument result = JsonDocument.Parse(File.ReadAllText(Path.Combine(step, "result.json")));
                JsonElement log = result.RootElement.GetProperty("log");
                if (log.GetArrayLength() == 1000)
                {
                    return [.. log.EnumerateArray().Select(row => row.GetProperty("values").GetProperty("loss").GetDouble())];
                }
            }

            throw new InvalidDataException("no pre-training of 1,000 updates");
        }
    }

    private static string[] OnTorch(string precision) =>
        ["--device", "torch", "--libtorch", AppContext.BaseDirectory, "--precision", precision];

    private static string[] Verdicts(JsonElement results) => [.. VerdictsById(results).Select(claim => $"{claim.Key}: {claim.Value}")];

    private static Dictionary<string, string> VerdictsById(JsonElement results)
    {
        Dictionary<string, string> verdicts = results.GetProperty("claims").EnumerateArray().ToDictionary(
            claim => claim.GetProperty("id").GetString()!, claim => claim.GetProperty("verdict").GetString()!);
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

    /// <param name="study">A preset, or a file.</param>
    /// <param name="options">The device's come last.</param>
    private async Task<JsonElement> Study(string study, string[] options)
    {
        string target = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(study)}-{options[^1]}");
        using Process process = Process.Start(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [
                "exec", Path.Combine(AppContext.BaseDirectory, "goodhart.dll"), "study",
                .. File.Exists(study) ? (string[])[study] : ["--preset", study], "--out", target, "--quiet", .. options,
            ]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return JsonDocument.Parse(File.ReadAllText(Path.Combine(target, "results.json"))).RootElement;
    }
}
