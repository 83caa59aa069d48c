using System.Globalization;
using Goodhart.Pipeline;
using Goodhart.Text.Chat;
using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Datasets.Conversations;

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

    /// <summary>The template of a style, checked; null where conversations are written plainly.</summary>
    /// <param name="folder">The tokenizer's.</param>
    /// <exception cref="ChatTemplateException">The folder has no template, or what is there is none; the message says what to
    /// do.</exception>
    public static ChatFiles? Of(ChatStyle style, string folder)
    {
        if (style.Template == ChatStyle.Plain)
        {
            return null;
        }

        string path = style.Template is null or ChatStyle.Model ? folder : System.IO.Path.GetFullPath(style.Template);
        ChatTemplateFolder templates = ChatTemplateFolder.Open(path, folder);
        if (templates.Find(hasTools: false) is null)
        {
            return style.Template is null ? null : throw new ChatTemplateException(
                $"{path}: no chat template: name another with --chat-template FILE, "
                + "or write conversations plainly with --chat-template plain.");
        }

        return new ChatFiles
        {
            Path = path,
            Folder = folder,
            Hash = templates.Hash,
            Mismatch = style.Mismatch,
            Date = style.Date?.ToString(Day, CultureInfo.InvariantCulture),
        };
    }

    public ModelTemplate Open() => new(
        ChatTemplateFolder.Open(Path, Folder),
        Mismatch,
        Date is null ? null : DateTime.ParseExact(Date, Day, CultureInfo.InvariantCulture));
}
