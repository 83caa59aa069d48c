using System.Text.Json.Nodes;

namespace Goodhart.Models.HuggingFace;

/// <summary>The files of a model folder beside its weights.</summary>
internal static class FolderFiles
{
    public const string Config = "config.json";

    public const string GenerationConfig = "generation_config.json";

    /// <summary>Every spelling of a tokenizer that transformers looks for; those present are copied byte for byte.</summary>
    private static readonly string[] Tokenizer =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "vocab.txt",
        "merges.txt", "chat_template.jinja", "chat_template.json",
    ];

    /// <summary>A tokenizer's templates beside its usual one.</summary>
    private const string MoreTemplates = "additional_chat_templates";

    public static void RequireNewOrEmpty(string path)
    {
        if (File.Exists(path))
        {
            throw new InvalidDataException($"{path}: expected a new or empty folder to save a model into, found a file.");
        }

        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).FirstOrDefault() is { } entry)
        {
            throw new InvalidDataException(
                $"{path}: expected a new or empty folder to save a model into, found {Path.GetFileName(entry)} in it: "
                + "name another folder.");
        }
    }

    public static void WriteTexts(string folder, ModelConfig config, SaveOptions options)
    {
        JsonObject? carried = options.CarryFrom is { } source ? ReadSource(source) : null;
        JsonFile.Write(Path.Combine(folder, Config), ConfigFile.ToJson(config, options.Type, carried));
        WriteGeneration(folder, config, options);
        WriteOthers(folder, options);
    }

    /// <summary>Where generation starts and stops: as the source has it, or else as the model's configuration says.</summary>
    public static void WriteGeneration(string folder, ModelConfig config, SaveOptions options)
    {
        if (options.CarryFrom is null || !Copy(options.CarryFrom, folder, GenerationConfig))
        {
            JsonFile.Write(Path.Combine(folder, GenerationConfig), ConfigFile.GenerationJson(config));
        }
    }

    /// <summary>The tokenizer's files, and what else is to stand beside a model or an adapter.</summary>
    public static void WriteOthers(string folder, SaveOptions options)
    {
        if ((options.TokenizerFrom ?? options.CarryFrom) is { } source)
        {
            foreach (string name in Tokenizer.Concat(NamesIn(source, MoreTemplates)))
            {
                Copy(source, folder, name);
            }
        }

        foreach ((string name, string text) in options.OtherFiles)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }
    }

    /// <summary>A source may be a folder with a tokenizer only; then there are no keys to carry.</summary>
    private static JsonObject? ReadSource(string source)
    {
        if (!Directory.Exists(source))
        {
            throw new DirectoryNotFoundException($"{source}: expected a folder to carry tokenizer files from, found none.");
        }

        string config = Path.Combine(source, Config);
        return File.Exists(config) ? JsonFile.ReadObject(config) : null;
    }

    /// <summary>Of the files of an inner folder, relative to the outer one; none where there is no such folder.</summary>
    private static IEnumerable<string> NamesIn(string source, string inner) => Directory.Exists(Path.Combine(source, inner))
        ? Directory.EnumerateFiles(Path.Combine(source, inner)).Select(file => Path.Combine(inner, Path.GetFileName(file)))
        : [];

    private static bool Copy(string source, string destination, string name)
    {
        string from = Path.Combine(source, name);
        if (!File.Exists(from))
        {
            return false;
        }

        // Content only: a read-only source shall not make the copy read-only.
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(destination, name))!);
        File.WriteAllBytes(Path.Combine(destination, name), File.ReadAllBytes(from));
        return true;
    }
}
