using System.Text.Json;
using Goodhart.Text.Chat;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Tests.Datasets;
using Xunit;

namespace Goodhart.Text.Tests.Chat;

/// <summary>Preference rows as TRL splits them: each through a file of its own, as users have them.</summary>
public sealed class PairConformanceTests : IDisposable
{
    private readonly GoldenData folder = new();

    public static TheoryData<string> Ids { get; } = [.. GoldenChat.Rows("pairs.jsonl").Select(row => row.GetProperty("id").GetString()!)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_row_is_split_as_the_reference_splits_it(string id)
    {
        JsonElement row = GoldenChat.Rows("pairs.jsonl").Single(row => row.GetProperty("id").GetString() == id);
        JsonElement expected = row.GetProperty("expected");
        Dataset Open(PrefixMismatch mismatch) => Dataset.Open(
            folder.Write(row.GetProperty("row").GetRawText()), RowReading.Plain, Template(row, mismatch));
        switch (expected.GetProperty("prefix").GetString())
        {
            case "ok":
                Assert.Equal(Texts(expected), Read(Open(PrefixMismatch.Refuse), out int none));
                Assert.Equal(0, none);
                break;
            case "mismatch":
                Assert.Equal(Texts(expected), Read(Open(PrefixMismatch.Common), out int cut));
                Assert.Equal(1, cut);
                string refusal = Assert.Throws<InvalidDataException>(() => Read(Open(PrefixMismatch.Refuse), out _)).Message;
                Assert.Contains("line 1: the template writes another beginning once an answer follows: after ", refusal,
                    StringComparison.Ordinal);
                Assert.Contains("1 of 1 row is such. --prefix-mismatch common", refusal, StringComparison.Ordinal);
                break;
            default:
                // Dialogues that share nothing are no error here: such rows are skipped and counted.
                SkipTally tally = new();
                Exception? problem = Record.Exception(() => Open(PrefixMismatch.Refuse).Preferences(tally).ToArray());
                Assert.True(problem is InvalidDataException || tally.Skipped.ContainsKey(SkipReason.NoSharedPrompt), $"{problem}");
                break;
        }
    }

    [Fact]
    public void All_rows_that_part_are_counted_and_the_first_is_shown()
    {
        JsonElement ok = Row("pair-39");
        JsonElement other = Row("pair-32");
        string rows = string.Join('\n', new[] { other, ok, other, ok }.Select(row => row.GetProperty("row").GetRawText()));
        Dataset data = Dataset.Open(folder.Write(rows), RowReading.Plain, Template(ok, PrefixMismatch.Refuse));
        string refusal = Assert.Throws<InvalidDataException>(() => data.Preferences().ToArray()).Message;
        Assert.StartsWith("rows.dat line 1", refusal, StringComparison.Ordinal);
        Assert.Contains(" of 4 rows are such", refusal, StringComparison.Ordinal);
    }

    private static JsonElement Row(string id) => GoldenChat.Rows("pairs.jsonl").Single(row => row.GetProperty("id").GetString() == id);

    private static string[] Texts(JsonElement expected) => expected.TryGetProperty("completion", out JsonElement completion)
        ? [expected.GetProperty("prompt").GetString()!, completion.GetString()!]
        : [expected.GetProperty("prompt").GetString()!, expected.GetProperty("chosen").GetString()!, expected.GetProperty(
            "rejected").GetString()!];

    private static string[] Read(Dataset data, out int cut)
    {
        SkipTally tally = new();
        string[] texts;
        if (data.Shape is Goodhart.Text.Datasets.Shapes.PreferenceShape)
        {
            PreferenceRow row = data.Preferences(tally).Single();
            texts = [row.Prompt, row.Chosen, row.Rejected];
        }
        else
        {
            SftRow row = data.Examples(tally).Single();
            texts = [row.Prompt, row.Completion];
        }

        cut = tally.CutPrompts;
        Assert.True(data.WritesSpecialTokens);
        return texts;
    }

    /// <summary>The template as a file beside a tokenizer_config.json that has the row's special tokens.</summary>
    private ModelTemplate Template(JsonElement row, PrefixMismatch mismatch)
    {
        string tokens = folder.InFolder("tokenizer");
        Directory.CreateDirectory(tokens);
        File.WriteAllText(Path.Combine(tokens, "tokenizer_config.json"), row.GetProperty("variables").GetRawText());
        string template = Path.Combine(GoldenChat.Folder, "templates", $"{row.GetProperty("template").GetString()}.jinja");
        return new(ChatTemplateFolder.Open(template, tokens), mismatch, row.GetProperty("now").GetDateTime());
    }
}
