using System.Text.Json;
using System.Text.Json.Serialization;
using Goodhart.Pipeline;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Reporting;

/// <summary>results.json: everything in the report as data. camelCase names, verdicts as lower-case words.</summary>
public static class StudyResultsFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Writes the whole file or nothing.</summary>
    /// <exception cref="ArgumentException">A number is not finite: JSON has no way to write it, and a missing value is null.</exception>
    public static void Write(StudyResults results, string path) => AtomicFile.WriteAllText(path, Format(results));

    /// <exception cref="InvalidDataException">The file is not a results.json of this version; the message names the place.</exception>
    public static StudyResults Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream);
            CheckVersion(document.RootElement, path);
            return document.RootElement.Deserialize<StudyResults>(Options)
                ?? throw new InvalidDataException($"{path}: expected a JSON object, found null.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: not a results.json of Goodhart: {error.Message} "
                + "Run `goodhart study` again to rewrite it.", error);
        }
    }

    internal static string Format(StudyResults results)
    {
        try
        {
            return JsonSerializer.Serialize(results, Options) + "\n";
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException("results.json: a number is not finite; a value that does not exist must be null. " + error.Message,
                nameof(results), error);
        }
    }

    private static void CheckVersion(JsonElement root, string path)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("schemaVersion", out JsonElement version)
            || version.ValueKind != JsonValueKind.Number
            || !version.TryGetInt32(out int found))
        {
            throw new InvalidDataException($"{path}: expected a JSON object with a number schemaVersion, found none; "
                + "this is not a results.json of Goodhart.");
        }

        if (found != StudyResults.CurrentSchemaVersion)
        {
            throw new InvalidDataException(
                $"{path}: expected schemaVersion {StudyResults.CurrentSchemaVersion}, found {found}. "
                + (found > StudyResults.CurrentSchemaVersion ? "A newer Goodhart wrote it: update this one."
                    : "Run `goodhart study` again to rewrite it."));
        }
    }
}
