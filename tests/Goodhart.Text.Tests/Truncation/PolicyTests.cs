using Goodhart.Text.Data;
using Goodhart.Text.Truncation;
using Xunit;

namespace Goodhart.Text.Tests.Truncation;

public sealed class PolicyTests
{
    private const string Post = "TITLE\n\nline one\nline two\n\nTL;DR:";

    [Theory]
    [InlineData("keepEnd", "cdefgh", " a|", " bb|")]
    [InlineData("keepStart", "abcdef", " a|", " bb|")]
    public void The_prompt_gets_what_the_longer_response_leaves(string policy, string prompt, string chosen, string rejected) =>
        Assert.Equal((prompt, chosen, rejected), Cut(policy, new LengthBudget(10), "abcdefgh", " a", " bb"));

    [Theory]
    [InlineData("keepEnd")]
    [InlineData("keepStart")]
    [InlineData("newline")]
    [InlineData("drop")]
    [InlineData("paper")]
    [InlineData("paper-keepEnd")]
    public void What_fits_is_left_alone(string policy) =>
        Assert.Equal((Post, " a|", " bb|"), Cut(policy, new LengthBudget(Post.Length + 4, Post.Length), Post, " a", " bb"));

    [Fact]
    public void A_response_is_cut_for_its_own_length_only_and_keeps_eos()
    {
        PairTokenizer pairs = Tokenizer("keepEnd", new LengthBudget(10, 6));
        TokenizedPair pair = pairs.Tokenize(new PreferenceRow(3, "abcdefgh", "123456", "12"))!;
        Assert.Equal((3, "cdefgh", "123|", "12|"), (pair.Id, Text(pair.Prompt), Text(pair.Chosen), Text(pair.Rejected)));
        TruncationReport report = pairs.Report;
        Assert.Equal((1, 1, 1), (report.Cut, report.PromptsCut, report.ResponsesCut));
        Assert.Equal((2L, 3L, 13L), (report.PromptTokensLost, report.ResponseTokensLost, report.TokensKept));
        Assert.Equal(0, report.EosLost);
    }

    [Theory]
    [InlineData(28, "TITLE\n\nline one\n\nTL;DR:")]
    [InlineData(24, "TITLE\n\nline one\n\nTL;DR:")]
    [InlineData(23, "TITLE\n\nTL;DR:")]
    [InlineData(13, "TITL\n\nTL;DR:")]
    [InlineData(9, "\n\nTL;DR:")]
    [InlineData(6, "L;DR:")]
    public void Newline_drops_whole_lines_before_the_cue(int tokens, string prompt) =>
        Assert.Equal((prompt, "|", "|"), Cut("newline", new LengthBudget(tokens), Post, "", ""));

    [Fact]
    public void Lost_cues_are_counted_by_name()
    {
        foreach ((string policy, int lost) in new[] { ("keepStart", 2), ("keepEnd", 0), ("newline", 0) })
        {
            PairTokenizer pairs = Tokenizer(policy, new LengthBudget(20));
            foreach (string prompt in new[] { Post, Post + "\n", "No cue, but much longer than the budget" })
            {
                Assert.NotNull(pairs.Tokenize(new PreferenceRow(0, prompt, "a", "b")));
            }

            Assert.Equal(3, pairs.Report.PromptsCut);
            Assert.Equal(lost, pairs.Report.CuesLost.GetValueOrDefault("TL;DR:"));
        }
    }

    [Theory]
    [InlineData(9, null, null)]
    [InlineData(12, 4, null)]
    [InlineData(12, null, 3)]
    public void Drop_leaves_out_what_does_not_fit(int most, int? prompt, int? response)
    {
        PairTokenizer pairs = Tokenizer("drop", new LengthBudget(most, prompt, response));
        Assert.Empty(pairs.Tokenize([new PreferenceRow(0, "abcde", "123", "12345")]));
        Assert.Single(pairs.Tokenize([new PreferenceRow(1, "abcd", "1", "12")]));
        Assert.Equal((2, 1, 0), (pairs.Report.Rows, pairs.Report.Dropped, pairs.Report.Cut));
    }

    [Fact]
    public void Every_policy_but_the_papers_keeps_the_budget_and_eos()
    {
        foreach (TruncationPolicy policy in TruncationPolicy.All.Take(4))
        {
            for (int most = 2; most < 20; most++)
            {
                PairTokenizer pairs = new(new FixedTokenizer(hasBos: true), new LengthBudget(most), policy);
                foreach ((int prompt, int chosen, int rejected) in new[] { (0, 0, 0), (1, 30, 2), (30, 1, 1), (30, 30, 30), (5, 5, 9) })
                {
                    string text = string.Concat(Enumerable.Range(0, prompt).Select(i => i % 4 == 3 ? '\n' : 'p'));
                    if (pairs.Tokenize(new PreferenceRow(0, text, new string('c', chosen), new string('r', rejected))) is not { } pair)
                    {
                        Assert.IsType<DropLong>(policy);
                        continue;
                    }

                    Assert.Equal(FixedTokenizer.Bos, pair.Prompt[0]);
                    Assert.InRange(pair.Prompt.Length + Math.Max(pair.Chosen.Length, pair.Rejected.Length), 2, most);
                    Assert.Equal((FixedTokenizer.Eos, FixedTokenizer.Eos), ((char)pair.Chosen[^1], (char)pair.Rejected[^1]));
                }
            }
        }
    }

    [Fact]
    public void There_is_one_bos_and_one_eos_whatever_the_text_spells()
    {
        PairTokenizer pairs = new(new FixedTokenizer(hasBos: true), new LengthBudget(30), new KeepEnd());
        TokenizedPair spelled = pairs.Tokenize(new PreferenceRow(0, "^p", "a||", "b|c"))!;
        Assert.Equal(("^p", "a|", "b|c|"), (Text(spelled.Prompt), Text(spelled.Chosen), Text(spelled.Rejected)));
        Assert.Equal(1, pairs.Report.EosInside);
        Assert.Equal("^", Text(pairs.Tokenize(new SftRow(1, "", "text"))!.Prompt));
        Assert.Equal("|", Text(Tokenizer("keepEnd", new LengthBudget(9)).Tokenize(new SftRow(1, "", "text"))!.Prompt));
        Assert.Equal(1, pairs.Report.EmptyPrompts);
    }

    [Theory]
    [InlineData("paper", 512, null, null)]
    [InlineData("paper", 512, 256, 256)]
    [InlineData("keepEnd", 1, null, null)]
    [InlineData("keepEnd", 10, 10, null)]
    [InlineData("drop", 10, null, 0)]
    public void A_budget_that_the_policy_cannot_use_in_full_is_refused(string policy, int most, int? prompt, int? response) =>
        Assert.Throws<ArgumentException>(() => Tokenizer(policy, new LengthBudget(most, prompt, response)));

    [Fact]
    public void An_unknown_policy_is_answered_with_the_list() => Assert.Equal(
        "truncation: expected keepEnd, keepStart, newline, drop, paper, paper-keepEnd, found 'left'.",
        Assert.Throws<ArgumentException>(() => TruncationPolicy.Parse("left")).Message);

    private static PairTokenizer Tokenizer(string policy, LengthBudget budget) =>
        new(new FixedTokenizer(), budget, TruncationPolicy.Parse(policy));

    private static (string, string, string) Cut(string policy, LengthBudget budget, string prompt, string chosen, string rejected)
    {
        TokenizedPair pair = Tokenizer(policy, budget).Tokenize(new PreferenceRow(0, prompt, chosen, rejected))!;
        return (Text(pair.Prompt), Text(pair.Chosen), Text(pair.Rejected));
    }

    private static string Text(int[] ids) => new FixedTokenizer().Decode(ids);
}
