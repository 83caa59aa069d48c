using System.Text.Json;
using System.Text.Json.Serialization;
using Goodhart.Hub.Cache;

namespace Goodhart.Studies.Configuration;

/// <summary>A file or folder that a study names; relative to the current folder.</summary>
/// <param name="Text">As the study has it.</param>
/// <param name="Place">File, line and column, or the <c>--set</c>, for messages.</param>
[JsonConverter(typeof(StudyPathJson))]
public sealed record StudyPath(string Text, string Place)
{
    /// <summary>As a model's folder: of a name of the hub the one in its cache.</summary>
    public string Folder => CachedNames.Model(Text);

    /// <summary>As a file of rows: of a name of the hub the split's in its cache.</summary>
    /// <exception cref="StudyFileException">The data set is there, and no split of one file is meant.</exception>
    public string File
    {
        get
        {
            try
            {
                return CachedNames.Data(Text);
            }
            catch (InvalidDataException unclear)
            {
                throw new StudyFileException([$"{Place}: {unclear.Message}"]);
            }
        }
    }

    public bool Equals(StudyPath? other) => other is not null && other.Text == Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    private sealed class StudyPathJson : JsonConverter<StudyPath>
    {
        public override StudyPath Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetString() ?? throw new JsonException("expected a path, found null."), "study.json");

        public override void Write(Utf8JsonWriter writer, StudyPath value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Text);
    }
}
