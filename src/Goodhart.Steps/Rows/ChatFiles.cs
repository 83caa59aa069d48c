using System.Globalization;
using Goodhart.Models;
using Goodhart.Models.HuggingFace;
using Goodhart.Pipeline;
using Goodhart.Text.Chat;
using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Rows;

/// <summary>The chat template that writes conversations, as part of a key.</summary>
public sealed record ChatFiles
{
    private const string Day = "yyyy-MM-dd";

    /// <summary>The folder that has it, or the file.</summary>
    [NotInKey]
    public required string Path { get; init; }

    /// <summary>Where a file of the user's takes the place of the folder's templates, the folder whose special tokens it is
    /// given.</summary>
    [NotInKey]
    public required string Folder { get; init; }

    /// <inheritdoc cref="ChatTemplateFolder.Hash"/>
    public required string Hash { get; init; }

    public required PrefixMismatch Mismatch { get; init; }

    /// <summary>YYYY-MM-DD; null: none is told.</summary>
    public required string? Date { get; init; }

    /// <summary>Whether it is a file of the user's, rather than the folder's own.</summary>
    internal bool IsFile => Path != Folder;

    /// <inheritdoc cref="Of(ChatStyle, string, IEnumerable{string}, Action{string})"/>
    public static ChatFiles? Of(ChatStyle style, string folder, Action<string>? told) => Of(style, folder, [folder], told);

    /// <summary>The template of a style, checked; null where conversations are written plainly.</summary>
    /// <param name="folder">The tokenizer's.</param>
    /// <param name="trained">The folders that may say how their models were trained; the template is then theirs.</param>
    /// <param name="told">Told where they do.</param>
    /// <exception cref="ChatTemplateException">The folder has no template, or what is there is none; the message says what to
    /// do.</exception>
    /// <exception cref="InvalidDataException">They were trained in different ways.</exception>
    internal static ChatFiles? Of(ChatStyle style, string folder, IEnumerable<string> trained, Action<string>? told)
    {
        (style, string? recorded, string? hash) = style.AsTrained(trained, told);
        folder = recorded ?? folder;
        if (style.Template == ChatStyle.Plain)
        {
            return null;
        }

        string path = style.Template is null or ChatStyle.Model ? folder : System.IO.Path.GetFullPath(style.Template);
        if (path != folder && Directory.Exists(path))
        {
            throw new ChatTemplateException(
                $"--chat-template {style.Template}: expected {ChatStyle.Model}, {ChatStyle.Plain} or a template file, found a folder; "
                + $"name the {ChatTemplateFolder.TemplateName} in it.");
        }

        ChatTemplateFolder templates = ChatTemplateFolder.Open(path, folder);
        if (templates.Find(hasTools: false) is null)
        {
            return style.Template is null ? null : throw new ChatTemplateException(
                $"{path}: no chat template: name another with --chat-template FILE, "
                + "or write conversations plainly with --chat-template plain.");
        }

        if (hash is not null && hash != templates.Hash)
        {
            told?.Invoke($"{folder}: its chat template or its special tokens are no longer those that {ChatRecord.FileName} tells of.");
        }

        ChatFiles files = new()
        {
            Path = path,
            Folder = folder,
            Hash = templates.Hash,
            Mismatch = style.Mismatch ?? PrefixMismatch.Refuse,
            Date = style.Date?.ToString(Day, CultureInfo.InvariantCulture),
        };
        files.TellEnd(told);
        return files;
    }

    public ModelTemplate Open() => new(
        ChatTemplateFolder.Open(Path, Folder),
        Mismatch,
        Date is null ? null : DateTime.ParseExact(Date, Day, CultureInfo.InvariantCulture));

    /// <summary>Tells of a template that ends answers otherwise than the model ends responses: what is trained on it never learns to
    /// stop.</summary>
    private void TellEnd(Action<string>? told)
    {
        if (told is null || !ModelFolder.HasTokenizer(Folder) || Ending() is not { } ending)
        {
            return;
        }

        ITokenizer tokenizer = TokenizerFile.Open(Folder);
        int[] ends = [.. EndTokens.Of(Folder).Prepend(tokenizer.EosId).Distinct()];
        if (!tokenizer.EncodeContinued(ending).Any(ends.Contains))
        {
            string written = ending.Trim() is { Length: > 0 } text ? text : "nothing";
            told($"{Folder}: its chat template ends an answer with {written}, and responses end at "
                + $"{string.Join(", ", ends.Select(tokenizer.TokenOf))}: after training on conversations they would run on. "
                + "Add the template's token to eos_token_id in generation_config.json.");
        }
    }

    private string? Ending()
    {
        try
        {
            return Open().Ending();
        }
        catch (ChatTemplateException)
        {
            return null;   // told, with its place, where a row needs it
        }
    }
}
