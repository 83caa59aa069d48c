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

    public static string Write(StudyDefinition study) => JsonSerializer.Serialize(study, study.GetType(), Options);

    /// <exception cref="JsonException">Not a study.</exception>
    public static StudyDefinition Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        bool ofData = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("data", out _);
        return (StudyDefinition?)document.RootElement.Deserialize(ofData ? typeof(DataStudy) : typeof(WorldStudy), Options)
            ?? throw new JsonException("expected a study, found null.");
    }
}
