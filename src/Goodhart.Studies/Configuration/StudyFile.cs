namespace Goodhart.Studies.Configuration;

/// <summary>Reads study files: an unknown or missing key, a wrong type or a value out of range is an error with its place.</summary>
public static class StudyFile
{
    /// <param name="overrides"><c>path=value</c>, as of <c>--set</c>: <c>align.betas=[0.1, 0.4]</c>, <c>models[0].layers=2</c>.</param>
    /// <exception cref="StudyFileException">The file or an override is wrong; the message lists every mistake.</exception>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    public static StudyDefinition Load(string path, IEnumerable<string>? overrides = null) =>
        File.Exists(path)
            ? Parse(path, File.ReadAllText(path), overrides)
            : throw new FileNotFoundException(
                $"no study file {path}; name a YAML file, or use --preset with one of {string.Join(", ", StudyPresets.Names)}.", path);

    /// <summary>A shipped study.</summary>
    /// <exception cref="StudyFileException">No such preset, or an override is wrong.</exception>
    public static StudyDefinition Preset(string name, IEnumerable<string>? overrides = null) =>
        Parse($"studies/{name}.yaml", StudyPresets.Text(name), overrides);

    /// <param name="source">The file's name in messages.</param>
    /// <exception cref="StudyFileException">The text or an override is wrong.</exception>
    public static StudyDefinition Parse(string source, string text, IEnumerable<string>? overrides = null)
    {
        StudyDocument document = StudyDocument.Parse(source, text);
        foreach (string setting in overrides ?? [])
        {
            StudyOverride.Parse(setting).Apply(document);
        }

        return StudyBinder.Bind(document);
    }
}
