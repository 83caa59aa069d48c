using System.Text.Json;
using Goodhart.Steps.Publishing;

namespace Goodhart.Studies.Configuration;

/// <summary>A resolved study as study.json holds it: camel case, keys in the order of the study file.</summary>
public static class StudyJson
{
    public static string Write(StudyDefinition study) => JsonSerializer.Serialize(study, RecordJson.Options);

    /// <exception cref="JsonException">Not a study.</exception>
    public static StudyDefinition Read(string json) =>
        JsonSerializer.Deserialize<StudyDefinition>(json, RecordJson.Options) ?? throw new JsonException("expected a study, found null.");
}
