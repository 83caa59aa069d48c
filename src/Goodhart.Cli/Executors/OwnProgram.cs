namespace Goodhart.Cli.Executors;

/// <summary>This program as a command for other processes.</summary>
internal static class OwnProgram
{
    private const string Host = "dotnet";

    /// <summary>Its launcher, or the runtime's and its assembly.</summary>
    public static IReadOnlyList<string> Command { get; } = Of(typeof(OwnProgram).Assembly.Location, Environment.ProcessPath!);

    /// <param name="assembly">Its path; empty where it is part of the launcher.</param>
    /// <param name="process">What this process was started by.</param>
    internal static IReadOnlyList<string> Of(string assembly, string process)
    {
        string launcher = Path.GetFileNameWithoutExtension(process);
        return assembly.Length == 0 || launcher == Path.GetFileNameWithoutExtension(assembly)
            ? [process]
            : [launcher == Host ? process : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Host, "exec", assembly];
    }
}
