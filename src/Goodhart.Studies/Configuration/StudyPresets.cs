using Goodhart.Text;

namespace Goodhart.Studies.Configuration;

/// <summary>The studies that ship with the program: studies/*.yaml.</summary>
public static class StudyPresets
{
    public const string Default = "default";

    private const string Folder = "studies/";
    private const string Extension = ".yaml";

    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(StudyPresets).Assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Folder, StringComparison.Ordinal))
            .Select(resource => resource[Folder.Length..^Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The YAML text of a preset.</summary>
    /// <exception cref="StudyFileException">No such preset; the message lists those there are.</exception>
    public static string Text(string name)
    {
        using Stream? resource = typeof(StudyPresets).Assembly.GetManifestResourceStream(Folder + name + Extension);
        if (resource is null)
        {
            throw new StudyFileException(
                $"--preset {name}: expected one of {string.Join(", ", Names)}.{NearestName.Question(name, Names)}");
        }

        using StreamReader reader = new(resource);
        return reader.ReadToEnd();
    }
}
