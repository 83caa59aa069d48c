using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Goodhart.Pipeline;

/// <summary>Results as JSON that gives back the same value: doubles exactly, NaN and the infinities by name.</summary>
internal static class ResultJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Later steps read the stored form, so what JSON cannot carry is found here, not on the next start.</summary>
    public static byte[] Write<T>(T result)
    {
        try
        {
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(result, Options);
            if (JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize<T>(json, Options), Options).AsSpan().SequenceEqual(json))
            {
                return json;
            }
        }
        catch (Exception cause) when (cause is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new InvalidOperationException($"{typeof(T).Name} cannot be stored as JSON: {cause.Message}", cause);
        }

        throw new InvalidOperationException(
            $"{typeof(T).Name} does not come back from JSON as it was. Give it public init properties or a constructor for all it holds.");
    }

    /// <exception cref="JsonException">Not what <see cref="Write"/> wrote.</exception>
    public static T Read<T>(byte[] json) => JsonSerializer.Deserialize<T>(json, Options)!;
}
