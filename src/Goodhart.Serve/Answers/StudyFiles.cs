using System.Text.RegularExpressions;
using Goodhart.Steps.Describing;
using Goodhart.Studies.Running;

namespace Goodhart.Serve.Answers;

/// <summary>The files of a study that are given out as they are: its report, tables and figures, and nothing else of the
/// folder.</summary>
internal static partial class StudyFiles
{
    private static readonly string[] Names =
        ["report.html", "results.json", "points.csv", "responses.csv", "winrates.csv", StudyRun.StudyFileName, PromptsFile.Name];

    /// <summary>Those that are there.</summary>
    public static IReadOnlyList<string> Present(string directory) => [.. Names.Where(name => Find(directory, name) is not null)];

    /// <summary>Full path; null where it is none of these, not there, or a link that may lead elsewhere.</summary>
    /// <param name="name">Inside the folder, with '/'.</param>
    public static string? Find(string directory, string name)
    {
        if (!Names.Contains(name) && !Figure().IsMatch(name))
        {
            return null;
        }

        string root = Path.GetFullPath(directory);
        FileInfo file = new(Path.Combine(root, name));
        bool isLink = file.LinkTarget is not null || (file.Directory!.FullName != root && file.Directory.LinkTarget is not null);
        return file.Exists && !isLink ? file.FullName : null;
    }

    public static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".csv" => "text/csv; charset=utf-8",
        ".json" => "application/json",
        _ => "text/plain; charset=utf-8",
    };

    [GeneratedRegex("^figures/[a-z0-9][a-z0-9_-]*[.](svg|csv)$")]
    private static partial Regex Figure();
}
