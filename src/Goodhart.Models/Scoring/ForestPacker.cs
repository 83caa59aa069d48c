using Goodhart.Engine;

namespace Goodhart.Models.Scoring;

/// <summary>A prompt and the responses that share it.</summary>
public readonly record struct PromptTree(int[] Prompt, int[][] Responses)
{
    /// <summary>Rows it takes in a forest: a response's last token is never an input.</summary>
    public int Rows => Prompt.Length + Responses.Sum(response => Math.Max(0, response.Length - 1));

    /// <summary>Adds the tree to a forest; returns each response's range of targets.</summary>
    public Range[] AddTo(ForestBuilder forest)
    {
        int root = forest.AddRoot(Prompt);
        return [.. Responses.Select(response => forest.AddResponse(root, response))];
    }
}

/// <summary>Cuts a list of trees into consecutive forests of bounded size. Speed and memory depend on the bound, results do not.</summary>
public static class ForestPacker
{
    /// <summary>Ranges of consecutive items whose rows stay within <paramref name="rowBudget"/>; an item is never cut.</summary>
    public static IEnumerable<Range> Pack<T>(IReadOnlyList<T> items, Func<T, int> rowsOf, int rowBudget)
    {
        int start = 0;
        int rows = 0;
        for (int i = 0; i < items.Count; i++)
        {
            int next = rowsOf(items[i]);
            if (i > start && rows + next > rowBudget)
            {
                yield return start..i;
                (start, rows) = (i, 0);
            }

            rows += next;
        }

        if (start < items.Count)
        {
            yield return start..items.Count;
        }
    }
}
