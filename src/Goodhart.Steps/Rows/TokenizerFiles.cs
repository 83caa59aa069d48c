using Goodhart.Models;
using Goodhart.Models.HuggingFace;
using Goodhart.Pipeline;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Rows;

/// <summary>The files of a folder that decide a text's ids, as part of a key: weights beside them may change without new ids.</summary>
public sealed record TokenizerFiles : TokenizerSource
{
    /// <summary>The last two name the ends of a response, and the end of text where the others do not.</summary>
    private static readonly string[] Names =
        ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "generation_config.json", "config.json"];

    /// <summary>The folder, or the tokenizer.json that the user named.</summary>
    [NotInKey]
    public required string Path { get; init; }

    /// <summary>The folder of the two.</summary>
    internal string Folder => File.Exists(Path) ? System.IO.Path.GetDirectoryName(Path)! : Path;

    public required IReadOnlyList<InputFile> Files { get; init; }

    /// <summary>What people call one of <see cref="Files"/>: its name, and of an adapter's base <c>base/NAME</c>.</summary>
    internal string NameOf(InputFile file)
    {
        bool isOwn = System.IO.Path.GetDirectoryName(file.Path) == System.IO.Path.TrimEndingDirectorySeparator(Folder);
        return (isOwn ? "" : "base/") + System.IO.Path.GetFileName(file.Path);
    }

    /// <summary>What writes conversations as text; null: HH's layout.</summary>
    public ChatFiles? Chat { get; init; }

    /// <summary>Checks that the tokenizer can be read.</summary>
    /// <param name="style">How conversations become text.</param>
    /// <param name="told">Told where the folder says how its model was trained.</param>
    /// <exception cref="TokenizerException">It cannot; the message says why.</exception>
    /// <exception cref="Text.Chat.Safety.ChatTemplateException">The chat template cannot be used.</exception>
    public static TokenizerFiles Of(string path, ChatStyle style, Action<string>? told) => Of(path, style, trained: [path], told);

    /// <param name="trained">The models that may say how they were trained.</param>
    /// <inheritdoc cref="Of(string, ChatStyle, Action{string})"/>
    public static TokenizerFiles Of(string path, ChatStyle style, IEnumerable<string> trained, Action<string>? told)
    {
        path = ModelFolder.TokenizerOf(path);
        TokenizerFile.Open(path);
        string full = System.IO.Path.GetFullPath(path);
        bool isFile = File.Exists(full);
        string folder = isFile ? System.IO.Path.GetDirectoryName(full)! : full;
        return new TokenizerFiles
        {
            Path = full,
            Chat = ChatFiles.Of(
                style, folder,
                trained.Select(ModelFolder.TokenizerOf).Select(own => File.Exists(own) ? folder : System.IO.Path.GetFullPath(own)), told),
            Files =
            [
                .. Names.Select(name => System.IO.Path.Combine(folder, name)).Union(isFile ? [full] : []).Where(File.Exists)
                    .Concat(ModelFolder.IsAdapter(folder) ? EndTokens.FilesOf(folder) : []).Select(file => new InputFile(file)),
            ],
        };
    }

    /// <summary>The tokens that end a response.</summary>
    internal IReadOnlyList<int> Ends() => [Open().EosId, .. EndTokens.Of(Folder)];

    public override ITokenizer Open() => TokenizerFile.Open(Path);
}
