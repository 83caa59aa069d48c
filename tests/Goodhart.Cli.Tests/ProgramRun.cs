using System.Diagnostics;

namespace Goodhart.Cli.Tests;

/// <summary>One run of the program in a process of its own.</summary>
internal static class ProgramRun
{
    /// <param name="environment">What is set besides what the tests have; null unsets.</param>
    public static async Task<CommandRun> Of(IReadOnlyDictionary<string, string?> environment, params string[] args)
    {
        ProcessStartInfo start = new(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["exec", typeof(GoodhartCommand).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandRun(process.ExitCode, output, await error);
    }
}
