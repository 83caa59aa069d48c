using System.Text.Json.Nodes;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Writing;
using Xunit;

namespace Goodhart.Text.Tests.Datasets;

public sealed class PromptSplitTests : IDisposable
{
    private readonly GoldenData folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void No_prompt_is_in_two_splits_and_order_is_kept()
    {
        // 700 rows, 300 prompts: each prompt comes back far from where it was.
        string[] rows = [.. Enumerable.Range(0, 700).Select(i => $"{{\"prompt\":\"p{i % 300}\",\"chosen\":\"a{i}\",\"rejected\":\"b\"}}")];
        string target = Directory.CreateDirectory(folder.InFolder("out")).FullName;
        PromptSplit split = PromptSplit.Parse("train=0.8,valid=0.1,test=0.1", 7);
        SplitSummary summary = SplitFiles.Write(Dataset.Open(folder.Write(string.Join('\n', rows))), split, target);

        string[][] parts = [.. split.Names.Select(name => File.ReadAllLines(Path.Combine(target, name + ".jsonl")))];
        Assert.Equal(rows.Order(), parts.SelectMany(part => part).Order());
        Assert.All(parts, part => Assert.Equal(rows.Where(part.Contains), part));
        HashSet<string>[] prompts = [.. parts.Select(part => part.Select(row => (string)JsonNode.Parse(row)!["prompt"]!).ToHashSet())];
        Assert.Equal(300, prompts.Sum(set => set.Count));
        Assert.Equal(prompts.Select(set => set.Count), summary.Parts.Select(part => part.Prompts));

        // 240, 30 and 30 expected; five standard deviations.
        Assert.InRange(prompts[0].Count, 205, 275);
        Assert.InRange(prompts[1].Count, 4, 56);
    }

    [Fact]
    public void A_prompt_stays_where_it_is_when_the_file_or_the_seed_is_the_same()
    {
        string[] prompts = [.. Enumerable.Range(0, 200).Select(i => $"prompt {i}")];
        int[] seven = [.. prompts.Select(PromptSplit.Parse("a=0.5,b=0.5", 7).Of)];
        Assert.Equal(seven, prompts.Select(PromptSplit.Parse("x=0.5,y=0.5", 7).Of));
        Assert.NotEqual(seven, prompts.Select(PromptSplit.Parse("a=0.5,b=0.5", 8).Of));
    }

    [Fact]
    public void All_turns_of_a_dialogue_go_to_one_split()
    {
        PromptSplit halves = PromptSplit.Parse("a=0.5,b=0.5", 3);
        int[] splits = [.. Enumerable.Range(0, 50).Select(i => halves.Of(Dialogue(i, 1)))];
        Assert.Equal(2, splits.Distinct().Count());
        Assert.All(
            Enumerable.Range(0, 50), i => Assert.Equal((splits[i], splits[i]), (halves.Of(Dialogue(i, 2)), halves.Of(Dialogue(i, 3)))));

        static string Dialogue(int first, int turns) =>
            $"\n\nHuman: {first}\n\nAssistant:"
                + string.Concat(Enumerable.Range(1, turns - 1).Select(i => $" yes\n\nHuman: {i}\n\nAssistant:"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("train=0.9")]
    [InlineData("train=0.9,valid=0.2")]
    [InlineData("train=0.5,train=0.5")]
    [InlineData("train=1.5,valid=-0.5")]
    [InlineData("../x=0.5,y=0.5")]
    [InlineData("train=NaN,valid=1")]
    public void Shares_that_do_not_sum_to_one_are_refused(string fractions)
    {
        string refusal = Assert.Throws<ArgumentException>(() => PromptSplit.Parse(fractions, 0)).Message;
        Assert.Contains("train=0.9,valid=0.1", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_split_is_refused()
    {
        string path = folder.Write("""{"prompt":"p","chosen":"a","rejected":"b"}""");
        string target = Directory.CreateDirectory(folder.InFolder("out")).FullName;
        PromptSplit halves = PromptSplit.Parse("a=0.5,b=0.5", 0);
        string refusal = Assert.Throws<InvalidDataException>(() => SplitFiles.Write(Dataset.Open(path), halves, target)).Message;
        Assert.Contains("got none of the 1 row;", refusal, StringComparison.Ordinal);
    }
}
