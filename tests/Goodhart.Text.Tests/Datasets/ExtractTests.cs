using System.Text.Json.Nodes;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Shapes;
using Xunit;

namespace Goodhart.Text.Tests.Datasets;

/// <summary>Files as people publish them; what to expect was worked out from the extracts by hand or by another program (README.md
/// there).</summary>
public sealed class ExtractTests
{
    [Fact]
    public void Hh_dialogues_share_their_prompt_up_to_the_last_assistant()
    {
        Dataset data = Dataset.Open(GoldenData.PathOf("hh-rlhf/pairs.jsonl"));
        Assert.IsType<ImplicitDialogues>(data.Shape);
        PreferenceRow[] rows = [.. data.Preferences()];
        Assert.Equal(24, rows.Length);
        JsonObject[] source = [.. data.File.Rows().Select(row => row.Fields)];
        Assert.All(rows, row =>
        {
            Assert.EndsWith("\n\nAssistant:", row.Prompt, StringComparison.Ordinal);
            Assert.Equal(source[row.Id]["chosen"]!.GetValue<string>(), row.Prompt + row.Chosen);
            Assert.Equal(source[row.Id]["rejected"]!.GetValue<string>(), row.Prompt + row.Rejected);
        });

        // The row whose chosen dialogue has a further "\n\nAssistant:" that the rejected one lacks: the reference code slices both at its
        // place.
        Assert.StartsWith(" Alrighty, I’ll do my best, here’s the key:\n\nAssistant:", rows[^1].Chosen, StringComparison.Ordinal);
        Assert.StartsWith(" You mean a password, right?", rows[^1].Rejected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dove-tldr/tldr_judged_pairs.jsonl", 14, 10, "\n\nTL;DR:")]
    [InlineData("dove-tldr/helpful_judged_pairs.jsonl", 8, 8, "\n\nAssistant:")]
    public void Rows_judged_equal_are_counted_and_skipped(string file, int used, int equal, string cue)
    {
        Dataset data = Dataset.Open(GoldenData.PathOf(file));
        Assert.IsType<StringPairs>(data.Shape);
        SkipTally tally = new();
        PreferenceRow[] rows = [.. data.Preferences(tally)];
        Assert.All(rows, row => Assert.EndsWith(cue, row.Prompt, StringComparison.Ordinal));
        Assert.Equal((used, used + equal, used), (rows.Length, tally.Read, tally.Used));
        Assert.Equal([KeyValuePair.Create(SkipReason.NoPreference, equal)], tally.Skipped);
    }

    [Fact]
    public void Columns_can_be_renamed()
    {
        string file = GoldenData.PathOf("dove-tldr/helpful_val_conditional_pref.jsonl");
        Dataset data = Dataset.Open(file, ColumnMap.Parse("prompt=i_chosen,chosen=r_chosen, rejected=r_reject"));
        JsonObject first = data.File.Rows().First().Fields;
        Assert.Equal(16, data.Preferences().Count());
        Assert.Equal(
            new PreferenceRow(0, (string)first["i_chosen"]!, (string)first["r_chosen"]!, (string)first["r_reject"]!),
            data.Preferences().First());
    }

    [Fact]
    public void Posts_with_a_summary_are_sft_data()
    {
        Dataset data = Dataset.Open(
            GoldenData.PathOf("dove-tldr/tldr_test_posts.jsonl"), ColumnMap.Parse("prompt=instruction,completion=gold_response"));
        Assert.IsType<PromptCompletions>(data.Shape);
        Assert.Equal(12, data.Examples().Count());
        string refusal = Assert.Throws<InvalidDataException>(() => data.Preferences()).Message;
        Assert.Contains("expected preference data", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Llama_factory_conversations_are_written_in_the_template()
    {
        Dataset data = Dataset.Open(GoldenData.PathOf("llama-factory-demo/dpo_en_demo.json"));
        Assert.Equal(DataFormat.JsonArray, data.File.Format);
        PreferenceRow[] rows = [.. data.Preferences()];
        Assert.Equal(12, rows.Length);
        Assert.All(rows[..4], row => Assert.StartsWith("\n\nSystem: ", row.Prompt, StringComparison.Ordinal));
        Assert.All(rows[4..8], row => Assert.Contains("\n\nAssistant: ", row.Prompt, StringComparison.Ordinal));
        Assert.All(rows, row => Assert.EndsWith("\n\nAssistant:", row.Prompt, StringComparison.Ordinal));
        Assert.All(rows, row => Assert.StartsWith(" ", row.Chosen, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("../parquet/arrowrs_nulls_dict_zstd.parquet", 83, 4, 33)]
    [InlineData("../parquet/duckdb_conversations_snappy.parquet", 40, 0, 0)]
    public void Parquet_rows_are_rows_like_the_others(string file, int used, int noPreference, int oneResponse)
    {
        SkipTally tally = new();
        PreferenceRow[] rows = [.. Dataset.Open(GoldenData.PathOf(file)).Preferences(tally)];
        Assert.Equal(used, rows.Length);
        Assert.Equal(
            (noPreference, oneResponse),
            (tally.Skipped.GetValueOrDefault(SkipReason.NoPreference), tally.Skipped.GetValueOrDefault(SkipReason.OneResponse)));
        Assert.All(rows, row => Assert.NotEqual("", row.Prompt));
    }

    [Fact]
    public void Parquet_inside_gzip_is_unpacked()
    {
        using GoldenData folder = new();
        byte[] parquet = File.ReadAllBytes(GoldenData.PathOf("../parquet/duckdb_conversations_snappy.parquet"));
        string packed = folder.Write(GoldenData.Gzip(parquet));
        Dataset data = Dataset.Open(packed);
        Assert.Equal((DataFormat.Parquet, true, 40), (data.File.Format, data.File.IsCompressed, data.Preferences().Count()));
    }
}
