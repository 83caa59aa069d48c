using System.ComponentModel;
using System.Diagnostics;

namespace Goodhart.Engine.Torch.Library;

/// <summary>Where the active Python keeps torch; Python is asked once for each environment, and its answer kept for later runs.</summary>
/// <param name="Folder">The package's folder; null: that Python has none.</param>
/// <param name="Told">What was asked, for messages.</param>
internal sealed record PythonTorch(string? Folder, string Told)
{
    /// <summary>Finds the package without importing it, which would take seconds.</summary>
    private const string Question =
        "import importlib.util as u; s = u.find_spec('torch'); "
        + "print(s.submodule_search_locations[0] if s and s.submodule_search_locations else '')";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static PythonTorch Ask()
    {
        string name = OperatingSystem.IsWindows() ? "python" : "python3";
        if (Executable(name) is not { } python)
        {
            return new PythonTorch(null, $"{name} (not on PATH)");
        }

        string told = $"the torch of {python}";
        // A switch between Pythons has one path for all of them: it is asked each time.
        string? kept = python.Contains($"{Path.DirectorySeparatorChar}shims{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            ? null
            : CacheFile(python);
        if (kept is not null && File.Exists(kept) && File.ReadAllText(kept).Trim() is { Length: > 0 } known && Directory.Exists(known))
        {
            return new PythonTorch(known, told);
        }

        string? folder = Answer(python);
        if (folder is not null && kept is not null)
        {
            Keep(kept, folder);
        }

        return new PythonTorch(folder, folder is null ? $"{told} (it has none)" : told);
    }

    private static string? Executable(string name)
    {
        string[] names = OperatingSystem.IsWindows() ? [$"{name}.exe"] : [name];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(file => Path.Combine(folder, file))).FirstOrDefault(File.Exists);
    }

    private static string? Answer(string python)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(python, ["-c", Question])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }

            string answer = output.GetAwaiter().GetResult().Trim();
            return process.ExitCode == 0 && answer.Length > 0 && Directory.Exists(answer) ? answer : null;
        }
        catch (Win32Exception)
        {
            return null;   // not a program: a Python that cannot be asked has no torch for us
        }
    }

    /// <summary>An environment of its own has a Python of its own: the path says which.</summary>
    private static string CacheFile(string python)
    {
        string root = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        string name = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(python)))[..16];
        return Path.Combine(root, "goodhart", $"torch-of-python-{name}.txt");
    }

    private static void Keep(string file, string folder)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            string partial = $"{file}.{Environment.ProcessId}";
            File.WriteAllText(partial, folder);
            File.Move(partial, file, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Without a place to write, Python is asked again next time.
        }
    }
}
