using System.Text;
using System.Text.Json.Nodes;
using Goodhart.Text.Audit;
using Goodhart.Text.Datasets;
using Goodhart.Text.Tests.Datasets;
using Goodhart.Text.Tests.Truncation;
using Goodhart.Text.Truncation;
using Xunit;

namespace Goodhart.Text.Tests.Audit;

public sealed class DatasetAuditTests : IDisposable
{
    private const string Planted = """
        {"prompt":"post\none TL;DR:","chosen":"a b c","rejected":"a"}
        {"prompt":"post\none TL;DR:","chosen":"a b c","rejected":"a"}
        {"prompt":"post\none TL;DR:","chosen":"a","rejected":"a b c"}
        {"prompt":"two","chosen":"same","rejected":"same"}
        {"prompt":"three","chosen":" ","rejected":"x y"}
        {"prompt":"","chosen":"x y z","rejected":"y"}
        {"prompt":"four"}
        """;

    private readonly GoldenData folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Labels_are_counted_with_their_contradictions()
    {
        string rows = """
            {"prompt":"one","completion":"a b c","label":true}
            {"prompt":"one","completion":"a b c","label":true}
            {"prompt":"one","completion":"a b c","label":false}
            {"prompt":"two","completion":"a","label":false}
            {"prompt":"three","completion":"a b","label":null}
            """;
        DatasetAudit audit = DatasetAuditor.Audit(Dataset.Open(folder.Write(rows)), new AuditOptions());
        Assert.Equal((5, 4, 1), (audit.Rows, audit.Used, audit.Skipped[SkipReason.NoLabel]));
        LabelAudit labels = audit.Labels!;
        Assert.Equal(
            (2, 4, 2, 1, 1), (labels.Desirable.Count, labels.Desirable.Of, labels.Undesirable, labels.Contradictions, labels.MixedPrompts));
        Assert.Equal((1, 2), (audit.DuplicateRows, audit.Prompts.Distinct));
        Assert.Equal(["prompt", "desirable", "undesirable"], audit.Lengths.Keys);
        Assert.Equal((3.0, 2.0), (audit.Lengths["desirable"].Mean, audit.Lengths["undesirable"].Mean));
        Assert.Null(audit.Preferences);
    }

    [Fact]
    public void Planted_faults_are_found()
    {
        DatasetAudit audit = DatasetAuditor.Audit(Dataset.Open(folder.Write(Planted)), new AuditOptions());
        Assert.Equal((7, 6, 1), (audit.Rows, audit.Used, audit.Skipped[SkipReason.NoPreference]));
        Assert.Equal((1, 1), (audit.DuplicateRows, audit.EmptyResponses));
        Assert.Equal((4, 2, 1), (audit.Prompts.Distinct, audit.Prompts.Repeated, audit.Prompts.Empty));
        Assert.Equal([KeyValuePair.Create("one TL;DR:", 3)], audit.Prompts.Cues);
        PreferenceAudit pairs = audit.Preferences!;
        Assert.Equal((1, 1, 1), (pairs.EqualResponses, pairs.Contradictions, pairs.SameLength));

        // Differences in words: 2, 2, -2, 0, -2, 2.
        Assert.Equal((3, 5, 0.6), (pairs.Longer.Count, pairs.Longer.Of, pairs.Longer.Share));
        Assert.Equal(2.0 / 6, pairs.MeanLengthDifference, 12);
        Assert.Equal(("words", 0, 3), (audit.Unit, audit.Lengths["chosen"].Min, audit.Lengths["chosen"].Max));
        Assert.Equal(["prompt", "chosen", "rejected"], audit.Lengths.Keys);
    }

    [Theory]
    [InlineData(3, 5, 0.230724, 0.882379)]   // Wilson's interval by hand: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n)
    [InlineData(0, 4, 0, 0.489890)]
    public void Shares_have_wilsons_interval(int count, int of, double low, double high)
    {
        ShareOf share = ShareOf.From(count, of);
        Assert.Equal(low, share.Low, 5);
        Assert.Equal(high, share.High, 5);
    }

    [Fact]
    public void Quantiles_interpolate()
    {
        LengthSummary lengths = LengthSummary.Of([.. Enumerable.Range(0, 101).Reverse(), 101]);
        Assert.Equal((50.5, 0, 50.5, 101), (lengths.Mean, lengths.Min, lengths.Median, lengths.Max));
        Assert.Equal(5.05, lengths.P5, 10);
        Assert.Equal(95.95, lengths.P95, 10);
    }

    [Fact]
    public void Leaks_between_splits_are_counted()
    {
        string other = folder.Write("""
            {"prompt":"post\none TL;DR:","chosen":"z","rejected":"q"}
            {"prompt":"five","chosen":"z","rejected":"q"}
            """u8.ToArray(), "valid");
        DatasetAudit audit = DatasetAuditor.Audit(Dataset.Open(folder.Write(Planted)), new AuditOptions { Against = Dataset.Open(other) });
        Assert.Equal(new OverlapAudit("valid", OtherPrompts: 2, SharedPrompts: 1, Rows: 3, ContinuedPrompts: 0), audit.Overlap);
    }

    [Fact]
    public void Turns_of_one_dialogue_are_a_leak_too()
    {
        string own = folder.Write(string.Join('\n', Row("a"), Row("a b"), Row("a b c"), Row("x y"), Row("z")));
        string other = folder.Write(Encoding.UTF8.GetBytes(string.Join('\n', Row("a b"), Row("x"), Row("z z2"), Row("ab"))), "valid");
        DatasetAudit audit = DatasetAuditor.Audit(Dataset.Open(own), new AuditOptions { Against = Dataset.Open(other) });

        // "a b" and "a b c" go on from "a"; of the other file, "a b" is shared, and a, a b c, x y and z share a dialogue with it.
        Assert.Equal((5, 2), (audit.Prompts.Distinct, audit.Prompts.Continued));
        Assert.Equal((1, 4), (audit.Overlap!.SharedPrompts, audit.Overlap.ContinuedPrompts));

        static string Row(string turns) => new JsonObject
        {
            ["prompt"] = string.Concat(turns.Split(' ').Select((turn, i) => $"{(i == 0 ? "" : " answer")}\n\nHuman: {turn}\n\nAssistant:")),
            ["chosen"] = "z",
            ["rejected"] = "q",
        }.ToJsonString();
    }

    [Fact]
    public void A_budget_is_tried_with_every_policy_that_can_use_it()
    {
        Dataset data = Dataset.Open(folder.Write(Planted));
        AuditOptions options = new() { Tokenizer = new FixedTokenizer(), Budget = new LengthBudget(17) };
        DatasetAudit audit = DatasetAuditor.Audit(data, options);
        Assert.Equal(["keepEnd", "keepStart", "newline", "drop"], audit.Budgets.Select(report => report.Policy));
        Assert.All(audit.Budgets, report => Assert.Equal(6, report.Rows));
        Assert.Equal((0, 3), (audit.Budgets[0].CuesLost.Count, audit.Budgets[1].CuesLost["one TL;DR:"]));
        Assert.Equal(3, audit.Budgets[3].Dropped);
        audit = DatasetAuditor.Audit(data, options with { Budget = new LengthBudget(17, 8) });
        Assert.Equal(["paper", "paper-keepEnd"], audit.Budgets.Skip(4).Select(report => report.Policy));
        Assert.Throws<ArgumentException>(() => DatasetAuditor.Audit(data, new AuditOptions { Budget = new LengthBudget(12) }));
    }

    [Fact]
    public void Sft_data_has_no_pairs()
    {
        DatasetAudit audit = DatasetAuditor.Audit(Dataset.Open(folder.Write("""{"text":"a b"}""")), new AuditOptions());
        Assert.Null(audit.Preferences);
        Assert.Equal(["prompt", "completion"], audit.Lengths.Keys);
        Assert.Equal(2, audit.Lengths["completion"].Max);
    }
}
