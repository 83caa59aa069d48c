using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Goodhart.Studies.Configuration;

/// <summary>A resolved study as study.json holds it: camel case, keys in the order of the study file.</summary>
public static class StudyJson
{
    /// <summary>For writers that put a study inside a larger object.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new OptimizerJsonConverter() },
    };

    public static string Write(StudyDefinition study) => JsonSerializer.Serialize(study, Options);

    /// <exception cref="JsonException">Not a study.</exception>
    public static StudyDefinition Read(string json) =>
        JsonSerializer.Deserialize<StudyDefinition>(json, Options) ?? throw new JsonException("expected a study, found null.");
}
