using System.Diagnostics;
using Xunit;

namespace Goodhart.Engine.Torch.Tests;

/// <summary>The program in a process of its own on libtorch's CPU, killed while it trains: the same bits, says docs/devices.md.</summary>
public sealed class KilledAlignTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("goodhart-killed-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("f32")]
    [InlineData("bf16")]
    public async Task A_resumed_run_has_the_bits_of_one_that_was_not_interrupted(string precision)
    {
        await Done("world", "export", "--out", At("world"), "--sft", "4", "--pairs", "240", "--held-out-pairs", "4", "--prompts", "3");
        await Done(
            "init", "--out", At("model"), "--tokenizer", At("world"), "--hidden-size", "16", "--layers", "2", "--heads", "2",
            "--max-positions", "256");
        using (Process child = Start(Align("killed", precision)))
        {
            while (Steps("killed").Length < 3)
            {
                Assert.False(child.HasExited, "the child ended before it was killed");
                await Task.Delay(5);
            }

            child.Kill();   // SIGKILL: no handler runs
            await child.WaitForExitAsync();
        }

        Assert.False(File.Exists(At("killed/model/model.safetensors")), "the run was over before it was killed");
        await Done(Align("killed", precision));
        await Done(Align("whole", precision));
        byte[] whole = File.ReadAllBytes(At("whole/model/model.safetensors"));
        Assert.Equal(whole, File.ReadAllBytes(At("killed/model/model.safetensors")));
        Assert.NotEqual(whole, File.ReadAllBytes(At("model/model.safetensors")));
    }

    private string At(string path) => Path.Combine(folder, path);

    private string[] Steps(string run) => Directory.Exists(At($"{run}/steps"))
        ? [.. Directory.GetDirectories(At($"{run}/steps"), "preference-segment-*").Where(step => File.Exists($"{step}/step.json"))]
        : [];

    private string[] Align(string run, string precision) =>
    [
        "align", At("model"), At("world/preferences.jsonl"), "--out", At(run), "--batch-size", "4", "--warmup-steps", "2",
        "--learning-rate", "1e-3", "--max-tokens", "200", "--threads", "1", "--resume-every", "5", "--device", "torch", "--libtorch",
        AppContext.BaseDirectory, "--precision", precision, "--quiet",
    ];

    private static async Task Done(params string[] command)
    {
        using Process process = Start(command);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static Process Start(string[] command) => Process.Start(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        ["exec", Path.Combine(AppContext.BaseDirectory, "goodhart.dll"), .. command]);
}
