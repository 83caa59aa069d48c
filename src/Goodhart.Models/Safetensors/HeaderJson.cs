using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Goodhart.Models.Safetensors;

/// <summary>Reads the JSON of a safetensors header token by token: nothing is allocated beyond what the file holds.</summary>
internal ref struct HeaderJson(string file, ReadOnlySpan<byte> json)
{
    private readonly ReadOnlySpan<byte> bytes = json;
    private Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 32 });

    /// <exception cref="InvalidDataException">Not JSON, not the format's keys and types, or a key twice.</exception>
    public (Dictionary<string, string> Metadata, List<TensorEntry> Tensors) Read()
    {
        if (!Utf8.IsValid(bytes))
        {
            throw new InvalidDataException($"{file}: header byte {FirstInvalid(bytes)}: the text here is not valid UTF-8.");
        }

        if (bytes.IsEmpty || bytes[0] != (byte)'{')
        {
            string found = bytes.IsEmpty ? "an empty header" : $"byte 0x{bytes[0]:X2}";
            throw new InvalidDataException($"{file}: expected the header to begin with '{{', found {found}.");
        }

        try
        {
            return ReadRoot();
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{file}: the header is not valid JSON: {e.Message}", e);
        }
    }

    private (Dictionary<string, string> Metadata, List<TensorEntry> Tensors) ReadRoot()
    {
        Dictionary<string, string>? metadata = null;
        List<TensorEntry> tensors = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        Expect(JsonTokenType.StartObject, "the header");
        while (NextKey() is { } name)
        {
            if (!names.Add(name))
            {
                throw Refuse($"key '{Shown(name)}' appears twice: expected each name once");
            }

            if (name == SafetensorsHeader.MetadataKey)
            {
                metadata = ReadMetadata();
            }
            else
            {
                tensors.Add(ReadTensor(name));
            }
        }

        reader.Read();   // only white space may follow; anything else throws
        return (metadata ?? [], tensors);
    }

    private Dictionary<string, string> ReadMetadata()
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return metadata;
        }

        Check(JsonTokenType.StartObject, SafetensorsHeader.MetadataKey);
        while (NextKey() is { } key)
        {
            Expect(JsonTokenType.String, $"{SafetensorsHeader.MetadataKey}.{Shown(key)}");
            if (!metadata.TryAdd(key, Text()))
            {
                throw Refuse($"{SafetensorsHeader.MetadataKey} has key '{Shown(key)}' twice: expected each once");
            }
        }

        return metadata;
    }

    private TensorEntry ReadTensor(string name)
    {
        string shown = $"tensor '{Shown(name)}'";
        StorageType? type = null;
        TensorShape? shape = null;
        (long Begin, long End)? span = null;
        Expect(JsonTokenType.StartObject, shown);
        while (NextKey() is { } key)
        {
            switch (key)
            {
                case "dtype":
                    Once(type is null, shown, key);
                    type = ReadType(shown);
                    break;
                case "shape":
                    Once(shape is null, shown, key);
                    shape = ReadShape(shown);
                    break;
                case "data_offsets":
                    Once(span is null, shown, key);
                    span = ReadOffsets(shown);
                    break;
                default:
                    // The format's own reader passes over further keys.
                    reader.Read();
                    reader.Skip();
                    break;
            }
        }

        return type is { } t && shape is not null && span is { } s
            ? new TensorEntry(name, t, shape, s.Begin, s.End)
            : throw Refuse($"{shown}: expected dtype, shape and data_offsets, "
                + $"found no {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}");
    }

    private StorageType ReadType(string owner)
    {
        Expect(JsonTokenType.String, $"{owner}: dtype");
        string name = Text();
        return StorageTypes.TryParse(name, out StorageType type)
            ? type
            : throw Refuse($"{owner}: expected a dtype of {StorageTypes.AllNames}; found '{Shown(name)}'");
    }

    private TensorShape ReadShape(string owner)
    {
        List<long> extents = ReadNumbers($"{owner}: shape");
        long[] array = [.. extents];
        return TensorShape.TryCreate(array, out TensorShape? shape)
            ? shape
            : throw Refuse($"{owner}: expected a shape whose element count fits 64 bits, found {Shown(TensorShape.Describe(array))}");
    }

    private (long Begin, long End) ReadOffsets(string owner)
    {
        List<long> offsets = ReadNumbers($"{owner}: data_offsets");
        return offsets.Count == 2 && offsets[0] <= offsets[1]
            ? (offsets[0], offsets[1])
            : throw Refuse(
                $"{owner}: expected data_offsets [begin, end] with begin <= end, found {Shown(TensorShape.Describe([.. offsets]))}");
    }

    private List<long> ReadNumbers(string owner)
    {
        List<long> numbers = [];
        Expect(JsonTokenType.StartArray, owner);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
            {
                string found = Shown(Encoding.UTF8.GetString(reader.ValueSpan));
                throw Refuse($"{owner}: expected whole numbers >= 0 within 64 bits, found '{found}'");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>The next key of the object being read, or null at its end.</summary>
    private string? NextKey() => reader.Read() && reader.TokenType == JsonTokenType.PropertyName ? Text() : null;

    private string Text()
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            // An escaped half of a surrogate pair is JSON, yet no text.
            throw new InvalidDataException($"{file}: header byte {reader.TokenStartIndex}: expected Unicode text, found {e.Message}", e);
        }
    }

    private void Expect(JsonTokenType expected, string owner)
    {
        reader.Read();
        Check(expected, owner);
    }

    private readonly void Check(JsonTokenType expected, string owner)
    {
        if (reader.TokenType != expected)
        {
            throw Refuse($"{owner}: expected {expected}, found {reader.TokenType}");
        }
    }

    private readonly void Once(bool first, string owner, string key)
    {
        if (!first)
        {
            throw Refuse($"{owner}: '{key}' appears twice: expected each key once");
        }
    }

    private readonly InvalidDataException Refuse(string message) => new($"{file}: header byte {reader.TokenStartIndex}: {message}.");

    private static int FirstInvalid(ReadOnlySpan<byte> text)
    {
        int at = 0;
        while (Rune.DecodeFromUtf8(text[at..], out _, out int length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    /// <summary>A hostile name may be 100 MB long; a message shall not be.</summary>
    private static string Shown(string text) => text.Length <= 120 ? text : text[..120] + "...";
}
