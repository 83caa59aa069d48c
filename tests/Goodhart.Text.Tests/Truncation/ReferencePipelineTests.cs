using System.Text.Json;
using Goodhart.Text.Data;
using Goodhart.Text.Tests.Datasets;
using Goodhart.Text.Tests.Tokenizers;
using Goodhart.Text.Truncation;
using Xunit;

namespace Goodhart.Text.Tests.Truncation;

/// <summary>Text pairs through the Pythia tokenizer and the reference code's truncation, id by id.</summary>
public sealed class ReferencePipelineTests
{
    private static readonly JsonElement Golden = Load();

    public static TheoryData<int> Runs => [.. Enumerable.Range(0, Golden.GetProperty("runs").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Runs))]
    public void Ids_are_the_reference_pipelines(int index)
    {
        JsonElement run = Golden.GetProperty("runs")[index];
        LengthBudget budget = new(run.GetProperty("max_length").GetInt32(), run.GetProperty("max_prompt_length").GetInt32());
        TruncationPolicy policy = run.GetProperty("truncation_mode").GetString() == "keep_end" ? new PaperKeepEnd() : new PaperKeepStart();
        PairTokenizer pairs = new(GoldenTokenizers.Pythia, budget, policy);
        JsonElement[] expected = [.. run.GetProperty("rows").EnumerateArray()];
        for (int i = 0; i < expected.Length; i++)
        {
            JsonElement text = Golden.GetProperty("text_pairs")[i];
            TokenizedPair pair = pairs.Tokenize(new PreferenceRow(i, text.Text("prompt"), text.Text("chosen"), text.Text("rejected")))!;
            Assert.Equal(Ids(expected[i], "prompt"), pair.Prompt);
            Assert.Equal(Ids(expected[i], "chosen"), pair.Chosen);
            Assert.Equal(Ids(expected[i], "rejected"), pair.Rejected);
        }

        int eosLost = expected.Sum(row => (Ids(row, "chosen")[^1] != 0 ? 1 : 0) + (Ids(row, "rejected")[^1] != 0 ? 1 : 0));
        Assert.Equal((expected.Length, eosLost), (pairs.Report.Rows, pairs.Report.EosLost));
    }

    private static int[] Ids(JsonElement row, string name) => [.. row.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    private static JsonElement Load()
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(GoldenData.PathOf("reference-truncation.json")));
        return json.RootElement.Clone();
    }
}
