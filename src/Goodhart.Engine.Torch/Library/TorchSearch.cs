using System.Runtime.InteropServices;

namespace Goodhart.Engine.Torch.Library;

/// <summary>Where libtorch may lie, in the order in which it is looked for.</summary>
public static class TorchSearch
{
    /// <summary>Environment variable with a folder.</summary>
    public const string Variable = "GOODHART_LIBTORCH";

    /// <param name="folder">The one that the user names; null: none.</param>
    /// <exception cref="TorchUnavailableException">There is none; or none where the user says that it is.</exception>
    public static TorchFiles Find(string? folder)
    {
        if (folder is not null)
        {
            return Named(folder, "--libtorch");
        }

        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } variable)
        {
            return Named(variable, Variable);
        }

        List<string> looked = [];
        return Python(looked) ?? WellKnown(looked) ?? Beside(looked) ?? throw new TorchUnavailableException(
            $"libtorch was not found (a folder with {TorchFiles.CpuName}, PyTorch {TorchVersion.Least} or newer). Looked for: --libtorch "
            + $"and {Variable} (not given), {string.Join(", ", looked)}. Activate an environment with PyTorch, or name "
            + "the folder: --libtorch DIR.");
    }

    private static TorchFiles Named(string folder, string by) =>
        TorchFiles.In(folder, $"{by} {folder}") ?? throw new TorchUnavailableException(
            $"{by} {folder}: expected a folder with {TorchFiles.CpuName} in it, in its lib or in its torch/lib, found none.");

    private static TorchFiles? Python(List<string> looked)
    {
        PythonTorch python = PythonTorch.Ask();
        looked.Add(python.Told);
        return python.Folder is { } folder ? TorchFiles.In(folder, python.Told) : null;
    }

    private static TorchFiles? WellKnown(List<string> looked)
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] places = OperatingSystem.IsWindows()
            ? [Path.Combine(home, "libtorch"), @"C:\libtorch"]
            : [Path.Combine(home, "libtorch"), "/opt/libtorch", "/usr/local/libtorch", "/usr/local", "/usr", "/opt/homebrew"];
        looked.AddRange(places);
        return places.Select(place => TorchFiles.In(place, place)).FirstOrDefault(files => files is not null);
    }

    /// <summary>A NuGet package puts it beside the program, or below it by the platform.</summary>
    private static TorchFiles? Beside(List<string> looked)
    {
        string program = AppContext.BaseDirectory;
        looked.Add($"{program} (a NuGet package)");
        string[] places = [program, Path.Combine(program, "runtimes", RuntimeInformation.RuntimeIdentifier, "native")];
        return places.Select(place => TorchFiles.In(place, place)).FirstOrDefault(files => files is not null);
    }
}
