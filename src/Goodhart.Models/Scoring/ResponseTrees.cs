namespace Goodhart.Models.Scoring;

/// <summary>Prompts with many responses as trees of bounded size: a tree is never cut by <see cref="ForestPacker"/>, and a pool of samples
/// would not fit.</summary>
public static class ResponseTrees
{
    /// <summary>Rows of a tree with several responses.</summary>
    public const int MostRows = 2048;

    /// <returns>The same responses in the same order; a prompt is repeated where its responses take more than one tree.</returns>
    public static PromptTree[] Split(IEnumerable<PromptTree> trees) => [.. trees.SelectMany(Split)];

    /// <summary>Puts the parts' results together.</summary>
    /// <param name="trees">Before <see cref="Split(IEnumerable{PromptTree})"/>.</param>
    /// <param name="parts">A result per response of each part.</param>
    /// <returns>A result per response of each tree.</returns>
    public static T[][] Merge<T>(IReadOnlyList<PromptTree> trees, IEnumerable<T[]> parts)
    {
        T[] all = [.. parts.SelectMany(part => part)];
        int next = 0;
        return [.. trees.Select(tree => all[next..(next += tree.Responses.Length)])];
    }

    private static IEnumerable<PromptTree> Split(PromptTree tree)
    {
        List<int[]> part = [];
        int rows = tree.Prompt.Length;
        foreach (int[] response in tree.Responses)
        {
            if (part.Count > 0 && rows + response.Length > MostRows)
            {
                yield return new PromptTree(tree.Prompt, [.. part]);
                part.Clear();
                rows = tree.Prompt.Length;
            }

            part.Add(response);
            rows += response.Length;
        }

        yield return new PromptTree(tree.Prompt, [.. part]);
    }
}
