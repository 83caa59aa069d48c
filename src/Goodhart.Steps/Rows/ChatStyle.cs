using System.Globalization;
using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Steps.Rows;

/// <summary>How the user wants conversations to become text.</summary>
/// <param name="Template"><see cref="Model"/>, <see cref="Plain"/> or a file; null: as the model was trained where its folder says so, else
/// its own where there is one.</param>
/// <param name="Mismatch">Where the model's template writes another beginning once an answer follows. Null: as the model was trained, else
/// refused.</param>
/// <param name="Date">What templates that ask for the date are told.</param>
public sealed record ChatStyle(string? Template, PrefixMismatch? Mismatch = null, DateTime? Date = null)
{
    /// <summary>The template in the tokenizer's folder.</summary>
    public const string Model = "model";

    /// <summary>HH's layout, for models that know no other.</summary>
    public const string Plain = "plain";

    public static ChatStyle Usual { get; } = new((string?)null);

    /// <summary>The style that models were trained with, where the user has named no template and a folder has a record.</summary>
    /// <param name="folders">Of the tokenizers of the models that are to read the same conversations.</param>
    /// <param name="told">Told what a record says.</param>
    /// <returns>The folder too whose record it is; null where none has one.</returns>
    /// <exception cref="InvalidDataException">Two models were trained with different ones, or a record cannot be read.</exception>
    internal (ChatStyle Style, string? Folder, string? Sha256) AsTrained(IEnumerable<string> folders, Action<string>? told)
    {
        (string Folder, ChatRecord Record)[] records = Template is not null ? [] : ChatRecord.FindAll(folders);
        if (records.Length == 0)
        {
            return (this, null, null);
        }

        (string first, ChatRecord record) = records[0];
        if (Array.Find(records, other => other.Record != record).Folder is { } differs)
        {
            throw new InvalidDataException(
                $"{first} and {differs} were trained on conversations that were written in different ways ({ChatRecord.FileName} in "
                + "each): say with --chat-template how they are to be written here.");
        }

        if (record.ChatTemplate != Model)
        {
            string how = record.ChatTemplate == Plain ? "in the plain layout" : $"by {record.ChatTemplate}";
            told?.Invoke($"{first}: conversations are written {how}, as the model was trained ({ChatRecord.FileName}).");
        }

        return (
            this with
            {
                Template = record.ChatTemplate is Plain or Model ? record.ChatTemplate : Path.Combine(first, record.ChatTemplate),
                Mismatch = Mismatch ?? record.PrefixMismatch,
                Date = Date ?? (record.ChatDate is { } day ? DateTime.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null),
            },
            first,
            record.Sha256);
    }
}
