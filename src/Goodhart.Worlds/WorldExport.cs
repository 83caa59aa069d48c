using System.Text.Encodings.Web;
using System.Text.Json;

namespace Goodhart.Worlds;

/// <summary>
/// The world as files that other tools train on: JSON lines with <c>prompt</c> and <c>completion</c>, or <c>chosen</c> and <c>rejected</c>,
/// and the tokenizer. A response begins with its separating space and does not spell EOS, which the reader appends.
/// </summary>
public static class WorldExport
{
    private static readonly JsonWriterOptions LineLayout = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a new folder; it appears under its name only when it is whole.</summary>
    /// <returns>The rows written, by file name.</returns>
    /// <exception cref="InvalidDataException">The folder exists and is not empty.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static IReadOnlyDictionary<string, int> Write(WorldExportOptions options, string folder, CancellationToken cancel = default)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new InvalidDataException(
                $"world export: {target} exists and is not an empty folder. Name a new folder, or delete this one.");
        }

        string partial = target + ".partial";
        if (Directory.Exists(partial))
        {
            // Left by an export that was killed; nothing else is written under this name.
            Directory.Delete(partial, recursive: true);
        }

        try
        {
            Directory.CreateDirectory(partial);
            Dictionary<string, int> counts = WriteFiles(options, partial, cancel);
            if (Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            Directory.Move(partial, target);
            return counts;
        }
        catch
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }

            throw;
        }
    }

    private static Dictionary<string, int> WriteFiles(WorldExportOptions options, string folder, CancellationToken cancel)
    {
        WorldData data = new(options.Seed) { Sampler = options.Labeller };
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        Lines("pretrain.jsonl", data.Pretraining(options.Pretraining), WriteExample);
        Lines("sft.jsonl", data.Sft(options.Sft), WriteExample);
        Lines("preferences.jsonl", data.Preferences(options.AlignmentSeed, options.Preferences), WritePair);
        Lines("heldout-preferences.jsonl", data.HeldOutPairs(options.HeldOutPairs), WritePair);
        Lines("prompts.jsonl", data.EvaluationPrompts(options.Prompts), WritePrompt);
        TldrWorld.Tokenizer.Save(folder);
        return counts;

        void Lines<T>(string name, T[] rows, Action<Utf8JsonWriter, T> write)
        {
            if (rows.Length > 0)
            {
                WriteLines(Path.Combine(folder, name), rows, write, cancel);
                counts.Add(name, rows.Length);
            }
        }
    }

    private static void WriteLines<T>(string path, T[] rows, Action<Utf8JsonWriter, T> write, CancellationToken cancel)
    {
        using FileStream file = File.Create(path);
        using Utf8JsonWriter json = new(file, LineLayout);
        foreach (T row in rows)
        {
            cancel.ThrowIfCancellationRequested();
            json.WriteStartObject();
            write(json, row);
            json.WriteEndObject();
            json.Flush();
            json.Reset();
            file.WriteByte((byte)'\n');
        }
    }

    private static void WriteExample(Utf8JsonWriter json, WorldExample row)
    {
        json.WriteString("prompt", Text(row.Post.Prompt));
        json.WriteString("completion", ResponseText(row.Response));
    }

    private static void WritePair(Utf8JsonWriter json, WorldPair row)
    {
        json.WriteString("prompt", Text(row.Post.Prompt));
        json.WriteString("chosen", ResponseText(row.Chosen));
        json.WriteString("rejected", ResponseText(row.Rejected));
        json.WriteNumber("chosenGold", row.ChosenGold.Reward);
        json.WriteNumber("rejectedGold", row.RejectedGold.Reward);
    }

    private static void WritePrompt(Utf8JsonWriter json, WorldExample row)
    {
        json.WriteString("prompt", Text(row.Post.Prompt));
        json.WriteString("reference", ResponseText(row.Response));
        json.WriteNumber("referenceGold", row.Gold.Reward);
    }

    private static string Text(ReadOnlySpan<int> tokens) => TldrWorld.Tokenizer.Decode(tokens);

    private static string ResponseText(ReadOnlySpan<int> response) => " " + Text(response[..^1]);
}
