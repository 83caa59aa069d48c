using Goodhart.Pipeline;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Studies.Stages.Data;

/// <summary>The files of a folder that decide a text's ids, as part of a key: weights beside them may change without new ids.</summary>
public sealed record TokenizerFiles : TokenizerSource
{
    /// <summary>The last three only name the end of text, and only where the others do not.</summary>
    private static readonly string[] Names =
        ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "generation_config.json", "config.json"];

    /// <summary>Where the files are.</summary>
    [NotInKey]
    public required string Folder { get; init; }

    public required IReadOnlyList<InputFile> Files { get; init; }

    /// <summary>Checks that the tokenizer can be read.</summary>
    /// <exception cref="TokenizerException">It cannot; the message says why.</exception>
    public static TokenizerFiles Of(string folder)
    {
        TokenizerFile.Open(folder);
        return new TokenizerFiles
        {
            Folder = Path.GetFullPath(folder),
            Files = [.. Names.Select(name => Path.Combine(folder, name)).Where(File.Exists).Select(path => new InputFile(path))],
        };
    }

    public override ITokenizer Open() => TokenizerFile.Open(Folder);
}
