using System.Text.Json;

namespace Goodhart.Text.Tokenizers;

/// <summary>A <c>tokenizer.json</c> and the files beside it, as bytes: what is not understood can still be carried along.</summary>
internal sealed class TokenizerFolder
{
    public const string TokenizerName = "tokenizer.json";
    public const string ConfigName = "tokenizer_config.json";
    public const string SpecialMapName = "special_tokens_map.json";

    /// <summary>No tokenizer comes near; a larger file is a mistake, and is refused before it is read.</summary>
    private const long LargestFile = 256L << 20;

    private static readonly string[] Companions =
    [
        ConfigName, SpecialMapName, "added_tokens.json", "vocab.json", "merges.txt", "chat_template.jinja", "chat_template.json",
    ];

    private readonly string directory;

    private TokenizerFolder(string path)
    {
        TokenizerPath = path;
        directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Files = new() { [TokenizerName] = ReadBounded(path) };
        foreach (string name in Companions)
        {
            string companion = Path.Combine(directory, name);
            if (File.Exists(companion))
            {
                Files[name] = ReadBounded(companion);
            }
        }
    }

    public string TokenizerPath { get; }

    /// <summary>The tokenizer's files by the names under which they are saved.</summary>
    public SortedDictionary<string, byte[]> Files { get; }

    /// <param name="path">A folder that holds a <c>tokenizer.json</c>, or such a file itself.</param>
    public static TokenizerFolder Open(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, TokenizerName) : path;
        if (!File.Exists(file))
        {
            throw new TokenizerException(
                $"{file}: not found. A tokenizer folder holds {TokenizerName} and {ConfigName}, as Hugging Face tools write them.");
        }

        return new(file);
    }

    /// <summary>A file of the folder as JSON; null where there is none.</summary>
    public JsonDocument? Json(string name)
    {
        string path = name == TokenizerName ? TokenizerPath : Path.Combine(directory, name);
        if (!Files.TryGetValue(name, out byte[]? bytes))
        {
            if (!File.Exists(path))
            {
                return null;
            }

            bytes = ReadBounded(path);
        }

        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException problem)
        {
            throw new TokenizerException($"{path}: not valid JSON: {problem.Message}", problem);
        }
    }

    /// <summary>Runs a reader over the tokenizer; whatever it refuses carries the file's name.</summary>
    public T Read<T>(Func<JsonField, T> reader)
    {
        using JsonDocument json = Json(TokenizerName)!;
        try
        {
            return reader(new(json.RootElement, ""));
        }
        catch (TokenizerException problem)
        {
            throw new TokenizerException($"{TokenizerPath}: {problem.Message}", problem);
        }
        catch (InvalidOperationException problem)
        {
            // A lone surrogate escape or bytes that are no UTF-8 parse, but have no text.
            throw new TokenizerException(FormattableString.Invariant(
                $"{TokenizerPath}: byte {FirstBadText(Files[TokenizerName])}: holds text that is not valid Unicode."), problem);
        }
    }

    private static long FirstBadText(byte[] json)
    {
        Utf8JsonReader reader = new(json);
        while (reader.Read())
        {
            try
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
            }
            catch (InvalidOperationException)
            {
                break;
            }
        }

        return reader.TokenStartIndex;
    }

    private static byte[] ReadBounded(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= LargestFile
                ? File.ReadAllBytes(path)
                : throw new TokenizerException(FormattableString.Invariant(
                    $"{path}: {length} bytes, expected at most {LargestFile}: this is no tokenizer file."));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"{path}: cannot be read: {problem.Message}", problem);
        }
    }
}
