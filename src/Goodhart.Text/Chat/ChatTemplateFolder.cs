using System.Security.Cryptography;
using System.Text.Json;
using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat;

/// <summary>The chat templates and special tokens of a tokenizer's folder.</summary>
public sealed class ChatTemplateFolder
{
    public const string TemplateName = "chat_template.jinja";
    private const string ConfigName = "tokenizer_config.json";
    private const string OldName = "chat_template.json";
    private const string Default = "default";
    private const string ToolUse = "tool_use";

    private static readonly string[] SpecialTokenKeys =
        ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    private readonly SortedDictionary<string, ChatTemplateSource> sources = new(StringComparer.Ordinal);

    private ChatTemplateFolder(string path) => Path = path;

    public string Path { get; }

    /// <summary>SHA-256 of all templates and special tokens, in hexadecimal digits: what a text depends on beside the
    /// conversation.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
    {
        templates = sources.ToDictionary(source => source.Key, source => source.Value.Text),
        tokens = new SortedDictionary<string, string>(SpecialTokens.ToDictionary(), StringComparer.Ordinal),
    })));

    /// <summary>By the names under which templates know them; only those that are set.</summary>
    public IReadOnlyDictionary<string, string> SpecialTokens { get; private set; } = new Dictionary<string, string>();

    /// <summary>The names of the templates, <c>default</c> among them unless all have others.</summary>
    public IReadOnlyCollection<string> Names => sources.Keys;

    /// <summary>What stands there, whether it is a template or not; null where the model has none.</summary>
    /// <param name="hasTools">A template named tool_use is meant for conversations with tools.</param>
    public ChatTemplateSource? Find(bool hasTools, string? name = null) =>
        name is not null ? sources.GetValueOrDefault(name)
        : hasTools && sources.TryGetValue(ToolUse, out ChatTemplateSource? forTools) ? forTools
        : sources.GetValueOrDefault(Default);

    /// <param name="path">A folder, or a file that is a template.</param>
    /// <param name="tokens">The tokenizer's folder, whose special tokens a file of its own is given.</param>
    /// <exception cref="ChatTemplateException">A file that cannot be read as what its name says.</exception>
    /// <exception cref="DirectoryNotFoundException">Neither a folder nor a file.</exception>
    public static ChatTemplateFolder Open(string path, string? tokens = null)
    {
        ChatTemplateFolder folder = new(path);
        if (File.Exists(path))
        {
            folder.Add(Default, path);
            folder.SpecialTokens = tokens is null ? folder.SpecialTokens : Open(tokens).SpecialTokens;
        }
        else if (Directory.Exists(path))
        {
            folder.ReadAll();
        }
        else
        {
            throw new DirectoryNotFoundException(
                $"{path}: not found. Name a tokenizer's folder, or a template file such as {TemplateName}.");
        }

        return folder;
    }

    /// <summary>Of two templates with one name the newer form counts: files of their own before fields of a configuration.</summary>
    private void ReadAll()
    {
        AddIfThere(Default, InFolder(TemplateName));
        string more = InFolder("additional_chat_templates");
        foreach (string file in Directory.Exists(more) ? Directory.GetFiles(more, "*.jinja").Order(StringComparer.Ordinal).ToArray() : [])
        {
            AddIfThere(System.IO.Path.GetFileNameWithoutExtension(file), file);
        }

        ReadConfiguration(ConfigName, isConfiguration: true);
        ReadConfiguration(OldName, isConfiguration: false);
    }

    private void ReadConfiguration(string name, bool isConfiguration)
    {
        string path = InFolder(name);
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new ChatTemplateException($"{path}: expected a JSON object.");
            }

            if (json.RootElement.TryGetProperty("chat_template", out JsonElement templates))
            {
                AddAll(path, templates);
            }

            if (isConfiguration)
            {
                SpecialTokens = SpecialTokenKeys
                    .Select(key => (Key: key, Text: TokenText(json.RootElement, key)))
                    .Where(token => token.Text is not null)
                    .ToDictionary(token => token.Key, token => token.Text!, StringComparer.Ordinal);
            }
        }
        catch (JsonException problem)
        {
            throw new ChatTemplateException($"{path}: not valid JSON: {problem.Message}", problem);
        }
    }

    private void AddAll(string path, JsonElement templates)
    {
        switch (templates.ValueKind)
        {
            case JsonValueKind.String:
                sources.TryAdd(Default, new($"{path}: chat_template", templates.GetString()!));
                break;
            case JsonValueKind.Array:
                foreach (JsonElement entry in templates.EnumerateArray())
                {
                    string? name = Text(entry, "name");
                    string? source = Text(entry, "template");
                    sources.TryAdd(
                        name ?? throw Malformed(), new($"{path}: chat_template '{name}'", source ?? throw Malformed()));
                }

                break;
            case JsonValueKind.Null:
                break;
            default:
                throw Malformed();
        }

        ChatTemplateException Malformed() =>
            new($"{path}: chat_template: expected a text, or a list of objects with name and template.");
    }

    private static string? TokenText(JsonElement configuration, string key) => configuration.TryGetProperty(key, out JsonElement value)
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : Text(value, "content")
        : null;

    private static string? Text(JsonElement owner, string key) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(key, out JsonElement value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private void AddIfThere(string name, string file)
    {
        if (File.Exists(file))
        {
            Add(name, file);
        }
    }

    private void Add(string name, string file) => sources.TryAdd(name, new(file, File.ReadAllText(file)));

    private string InFolder(string name) => System.IO.Path.Combine(Path, name);
}
