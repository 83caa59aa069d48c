using System.Globalization;
using System.Text.RegularExpressions;
using Goodhart.Models;

namespace Goodhart.Steps.Publishing;

/// <summary>Checkpoints as tools leave them: a model folder, or a folder of model folders (checkpoints/step-100, checkpoint-500).</summary>
public static partial class CheckpointFolders
{
    private const string Marker = "config.json";

    /// <summary>The model folders that a path stands for; in a folder of them, by the number in the name.</summary>
    /// <exception cref="DirectoryNotFoundException">No such folder, or no model in it.</exception>
    public static IReadOnlyList<string> Of(string path)
    {
        if (IsModel(path))
        {
            return [path];
        }

        MissingModel.RefuseAbsentName(path);
        string[] inside = Directory.Exists(path)
            ? [.. Directory.EnumerateDirectories(path).Where(IsModel)]
            : throw new DirectoryNotFoundException($"no folder {path}; expected a model folder, or a folder of model folders.");
        return inside.Length > 0
            ? [.. inside.OrderBy(StepOf).ThenBy(folder => folder, StringComparer.Ordinal)]
            : throw new DirectoryNotFoundException(
                $"{path}: expected a model folder ({Marker}) or a folder of model folders, found neither.");
    }

    /// <summary>Whether a folder is a model's, or an adapter's.</summary>
    internal static bool IsModel(string folder) => File.Exists(Path.Combine(folder, Marker)) || ModelFolder.IsAdapter(folder);

    /// <summary>The number that the folder's name ends with; null without one.</summary>
    public static int? StepOf(string path) =>
        LastNumber().Match(Path.GetFileName(Path.TrimEndingDirectorySeparator(path))) is { Success: true } match
        && int.TryParse(match.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int step)
            ? step
            : null;

    [GeneratedRegex("[0-9]+$")]
    private static partial Regex LastNumber();
}
