using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

/// <summary>What the guide of executors says of <c>make</c>, done as it stands there.</summary>
[Trait("Category", "Slow")]
[SupportedOSPlatform("linux")]
public sealed class MakeTests : IDisposable
{
    private static readonly string[] Study = [.. MicroStudy.Arguments, "--threads", "1"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [MakeFact]
    public async Task Make_runs_the_exported_tasks_to_the_bits_of_one_process_and_goes_on_after_a_failure()
    {
        string shared = folder.Path("shared");
        CommandRun export = await ProgramRun.Of(
            new Dictionary<string, string?>(), ["study", .. Study, "--out", shared, "--export-tasks", folder.Path("tasks.json")]);
        Assert.Equal((ExitCode.Done, ""), (export.Code, export.Error));

        // The program as it is installed.
        Directory.CreateDirectory(folder.Path("bin"));
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        File.SetUnixFileMode(
            folder.Write("bin/goodhart", $"#!/bin/sh\nexec '{host}' exec '{typeof(GoodhartCommand).Assembly.Location}' \"$@\"\n"),
            UnixFileMode.UserRead | UnixFileMode.UserExecute);

        // A file where a step's folder is to be: make stops there, and does the rest with -k.
        string bad = Regex.Match(File.ReadAllText(folder.Path("tasks.json")), "\"id\":\\s*\"(measure-checkpoint-[0-9a-f]+)\"").Groups[1].Value;
        string inItsPlace = folder.Write(Path.Combine("shared", "steps", bad), "");
        (int code, string said) = await ShellAsync(Guide().Replace("make -f", "make -k -f", StringComparison.Ordinal));
        Assert.True(code == 2, said);
        Assert.NotEmpty(Directory.GetDirectories(Path.Combine(shared, "steps"), "preference-segment-*"));
        Assert.False(File.Exists(Path.Combine(shared, "points.csv")));
        File.Delete(inItsPlace);

        (code, said) = await ShellAsync(Guide());
        Assert.True(code == 0, said);
        string alone = folder.Path("alone");
        Assert.Equal(ExitCode.Done, (await CommandRun.Of(["study", .. Study, "--out", alone, "--quiet"])).Code);
        Assert.Equal(File.ReadAllText(Path.Combine(alone, "points.csv")), File.ReadAllText(Path.Combine(shared, "points.csv")));
        Assert.Equal(MicroStudy.Snapshot(alone), MicroStudy.Snapshot(shared));
    }

    /// <summary>The lines of the guide's section, with as many tasks side by side as a small machine bears.</summary>
    private static string Guide()
    {
        string guide = File.ReadAllText(Repository.PathOf("docs/guides/executors.md"));
        string section = guide[guide.IndexOf("## With make", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", StringComparison.Ordinal)];
        string lines = string.Join('\n', section.Split('\n').Where(line => line.StartsWith("    ", StringComparison.Ordinal)));
        Assert.Contains("make -f tasks.mk -j 8 all", lines, StringComparison.Ordinal);
        return lines.Replace("-j 8", "-j 2", StringComparison.Ordinal);
    }

    private async Task<(int Code, string Said)> ShellAsync(string commands)
    {
        ProcessStartInfo start = new("bash", ["-c", $"exec 2>&1\n{commands}"])
        {
            WorkingDirectory = folder.Root,
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = $"{folder.Path("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        using Process shell = Process.Start(start)!;
        string said = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return (shell.ExitCode, said);
    }

    /// <summary>A test that needs make and jq.</summary>
    private sealed class MakeFactAttribute : FactAttribute
    {
        public MakeFactAttribute()
        {
            string[] places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
            if (new[] { "make", "jq" }.FirstOrDefault(program => !places.Any(place => File.Exists(Path.Combine(place, program)))) is { } missing)
            {
                Skip = $"There is no {missing} here: apt-get install {missing}.";
            }
        }
    }
}
