using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Goodhart.Models;
using Goodhart.Text.Chat;
using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Steps.Rows;

/// <summary>
/// How the conversations were written that a model was trained on: a file in its folder, so that nobody has to remember it.
/// </summary>
/// <remarks>
/// Training on texts leaves a language model what it had: it is still asked in the layout that it learnt. A reward model has no record
/// then: it says how its own pairs were written, which <see cref="ScoredText"/> reads by, and those of its trunk were others.
/// </remarks>
/// <param name="ChatTemplate"><see cref="ChatStyle.Plain"/>, <see cref="ChatStyle.Model"/> or a file of the folder.</param>
/// <param name="PrefixMismatch">As <see cref="ChatStyle.Mismatch"/>.</param>
/// <param name="ChatDate">What the template was told, YYYY-MM-DD; null: nothing.</param>
/// <param name="Sha256">Of templates and special tokens; null for the plain layout.</param>
public sealed record ChatRecord(string ChatTemplate, PrefixMismatch PrefixMismatch, string? ChatDate, string? Sha256)
{
    public const string FileName = "goodhart_chat.json";

    private static readonly JsonSerializerOptions Layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>A folder's record; null where there is none.</summary>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public static ChatRecord? Find(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<ChatRecord>(File.ReadAllBytes(path), Layout) switch
            {
                not { ChatTemplate.Length: > 0 } => throw new JsonException("there is no chatTemplate in it"),
                { ChatTemplate: { } template } when Path.GetFileName(template) != template =>
                    throw new JsonException($"chatTemplate is no file of the folder: {template}"),
                { ChatDate: { } day } when !DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out _) =>
                    throw new JsonException($"chatDate is no day, YYYY-MM-DD: {day}"),
                { } record => record,
            };
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException(
                $"{path}: expected how the model's conversations were written, as training leaves it: {fault.Message}. "
                + "Say it with --chat-template, or delete the file.",
                fault);
        }
    }

    /// <summary>What the folder of a model is to hold that was trained on rows: of texts, where it is a language model, what stands beside
    /// the model that it was before.</summary>
    /// <param name="from">The folder of that model's tokenizer.</param>
    internal static IReadOnlyDictionary<string, string> Files(RowSource rows, string from, OutputHead head)
    {
        if (rows is not FileRows file || !file.OpenPrompts().HasConversations)
        {
            return head == OutputHead.Language && Find(from) is { } before ? Texts(from, before) : new Dictionary<string, string>();
        }

        ChatFiles? chat = file.Tokenizer.Chat;
        return chat is not null && chat.IsFile
            ? Texts(new ChatRecord(ChatTemplateFolder.TemplateName, chat.Mismatch, chat.Date, chat.Hash), File.ReadAllText(chat.Path))
            : Texts(new ChatRecord(
                chat is null ? ChatStyle.Plain : ChatStyle.Model, chat?.Mismatch ?? PrefixMismatch.Refuse, chat?.Date, chat?.Hash));
    }

    /// <summary>What the folder of a model is to hold that is made of others, which are of one kind: how they were trained, where those
    /// that say it agree; of reward models all have to say it.</summary>
    /// <param name="told">Told where they do not.</param>
    /// <exception cref="InvalidDataException">A record cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<ModelFolder> models, Action<string>? told)
    {
        string[] folders = [.. models.Select(PlaceOf).Distinct()];
        (string Folder, ChatRecord Record)[] found = FindAll(folders);
        if (found.Length == 0)
        {
            return new Dictionary<string, string>();
        }

        (string first, ChatRecord record) = found[0];
        string? silent = models[0].Config.Head == OutputHead.Score
            ? folders.Except(found.Select(one => one.Folder)).FirstOrDefault()
            : null;
        string? problem = Array.Find(found, other => other.Record != record).Folder is { } differs
            ? $"{first} and {differs} were trained on conversations that were written in different ways"
            : silent is not null ? $"{first} was trained on conversations, and {silent} does not say that it was" : null;
        if (problem is not null)
        {
            told?.Invoke($"{problem}; what is made of them has no {FileName}: say with --chat-template how it is asked.");
            return new Dictionary<string, string>();
        }

        return Texts(first, record);
    }

    /// <summary>The folder that may say how a model was trained. Another tool's adapter without a tokenizer is asked as its base is, but a
    /// reward model's base was trained on other rows.</summary>
    private static string PlaceOf(ModelFolder model) =>
        model.Base is { } trunk && model.Config.Head == OutputHead.Language && !ModelFolder.HasTokenizer(model.Path)
            ? trunk.Path
            : model.Path;

    /// <summary>The folders that have a record, with theirs.</summary>
    internal static (string Folder, ChatRecord Record)[] FindAll(IEnumerable<string> folders) =>
        [.. folders.Distinct().Select(folder => (folder, ChatRecord.Find(folder)!)).Where(found => found.Item2 is not null)];

    /// <summary>A folder's record as it stands there, and the template that it tells of.</summary>
    private static Dictionary<string, string> Texts(string folder, ChatRecord record)
    {
        string template = Path.Combine(folder, ChatTemplateFolder.TemplateName);
        return Texts(record, record.ChatTemplate is ChatStyle.Plain || !File.Exists(template) ? null : File.ReadAllText(template));
    }

    private static Dictionary<string, string> Texts(ChatRecord record, string? template = null)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal) { [FileName] = JsonSerializer.Serialize(record, Layout) + "\n" };
        if (template is not null)
        {
            files[ChatTemplateFolder.TemplateName] = template;   // where other tools look for it too
        }

        return files;
    }
}
