using Goodhart.Alignment.Training;
using Goodhart.Testing;
using Goodhart.Text.Data;
using Xunit;

namespace Goodhart.Alignment.Tests.Training;

public sealed class MismatchedResponsesTests
{
    [Fact]
    public void A_response_belongs_to_another_prompt_though_one_prompt_has_most_rows()
    {
        // Prompt 1 has seven of ten rows; a response says which row it is of.
        LabelledResponse[] rows = [.. Enumerable.Range(0, 10).Select(i => new LabelledResponse(i, [Prompt(i), 9], [i, 0], i % 2 == 0))];
        int[] drawn = [.. MismatchedResponses.Of(rows, maxTokens: 100).Select(response => response[0])];
        Assert.All(drawn.Index(), draw => Assert.NotEqual(Prompt(draw.Index), Prompt(draw.Item)));
        Assert.Equal(drawn, MismatchedResponses.Of(rows, maxTokens: 100).Select(response => response[0]));

        static int Prompt(int row) => row is 2 or 5 or 9 ? 2 + row : 1;
    }

    [Fact]
    public void All_other_responses_are_drawn_alike()
    {
        LabelledResponse[] rows = [.. Enumerable.Range(0, 4000).Select(i => new LabelledResponse(i, [i % 4], [i % 4, i % 2, 0], true))];
        int[][] drawn = MismatchedResponses.Of(rows, maxTokens: 100);
        for (int prompt = 0; prompt < 4; prompt++)
        {
            int[] of =
            [
                .. Enumerable.Range(0, 4).Select(
                    other => drawn.Where((_, row) => row % 4 == prompt).Count(response => response[0] == other)),
            ];
            Assert.Equal(0, of[prompt]);

            // A third of 1,000 each, give or take four standard deviations of 15.
            Every.Of(of.Where((_, other) => other != prompt), count => Assert.InRange(count, 273, 393));
        }
    }

    [Fact]
    public void What_does_not_fit_behind_the_prompt_loses_its_end()
    {
        LabelledResponse[] rows = [new(0, [1, 2, 3], [4], true), new(1, [5], [6, 7, 8, 9, 0], false)];
        int[][] drawn = MismatchedResponses.Of(rows, maxTokens: 6);
        Assert.Equal([6, 7, 8], drawn[0]);
        Assert.Equal([4], drawn[1]);
    }

    [Fact]
    public void One_prompt_is_refused() => Assert.StartsWith(
        "expected responses to two or more different prompts, found one prompt.",
        Assert.Throws<ArgumentException>(() => MismatchedResponses.Of([new(0, [1], [2], true), new(1, [1], [3], false)], 10)).Message,
        StringComparison.Ordinal);
}
