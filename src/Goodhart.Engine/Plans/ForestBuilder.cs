namespace Goodhart.Engine;

/// <summary>
/// Builds a <see cref="SequencePlan"/>. A response's last token is never an input, so it costs a target and no row; the last prompt
/// row predicts the first token of every response.
/// </summary>
public sealed class ForestBuilder
{
    private readonly List<Segment> segments = [];
    private readonly List<int> tokens = [];
    private readonly List<int> positions = [];
    private readonly List<(int Row, int Token)> targets = [];
    private readonly List<bool> isRead = [];

    public int Rows => tokens.Count;

    public int TargetCount => targets.Count;

    /// <summary>Adds a root of at least one token; returns its segment.</summary>
    public int AddRoot(ReadOnlySpan<int> prompt)
    {
        if (prompt.IsEmpty)
        {
            throw new ArgumentException(
                "A root segment needs at least one token: without a prompt nothing predicts the first one.", nameof(prompt));
        }

        return Append(prompt, -1, 0);
    }

    /// <summary>
    /// Adds a response below <paramref name="parent"/>, all of whose tokens are targets; returns the range of its targets.
    /// </summary>
    public Range AddResponse(int parent, ReadOnlySpan<int> response)
    {
        int first = targets.Count;
        if (response.IsEmpty)
        {
            return first..first;
        }

        Segment root = segments[parent];
        int lastRow = root.Start + root.Length - 1;
        AddTarget(lastRow, response[0]);
        if (response.Length > 1)
        {
            int start = tokens.Count;
            Append(response[..^1], parent, positions[lastRow] + 1);
            for (int i = 1; i < response.Length; i++)
            {
                AddTarget(start + i - 1, response[i]);
            }
        }

        return first..targets.Count;
    }

    /// <summary>Adds a run of tokens below <paramref name="parent"/>, all of them inputs and none a target; returns its segment.</summary>
    public int AddBranch(int parent, ReadOnlySpan<int> run)
    {
        if (run.IsEmpty)
        {
            throw new ArgumentException("A branch needs at least one token.", nameof(run));
        }

        Segment above = segments[parent];
        return Append(run, parent, positions[above.Start + above.Length - 1] + 1);
    }

    /// <summary>Makes every token of a segment after its first a target; returns the range of those targets.</summary>
    public Range AddOwnTargets(int segment)
    {
        int first = targets.Count;
        Segment s = segments[segment];
        for (int i = 1; i < s.Length; i++)
        {
            AddTarget(s.Start + i - 1, tokens[s.Start + i]);
        }

        return first..targets.Count;
    }

    /// <summary>Reads the hidden state of a segment's last row without a target: what sampling starts from.</summary>
    public void ReadLast(int segment)
    {
        Segment s = segments[segment];
        isRead[s.Start + s.Length - 1] = true;
    }

    public SequencePlan Build()
    {
        int[] headIndex = new int[tokens.Count];
        List<int> headRows = [];
        foreach (Segment s in segments)
        {
            bool reading = false;
            for (int row = s.Start; row < s.Start + s.Length; row++)
            {
                reading |= isRead[row];
                if (reading)
                {
                    headIndex[row] = headRows.Count;
                    headRows.Add(row);
                }
            }
        }

        return new SequencePlan(
            [.. segments],
            [.. tokens],
            [.. positions],
            [.. headRows],
            [.. targets.Select(t => headIndex[t.Row])],
            [.. targets.Select(t => t.Token)]);
    }

    private int Append(ReadOnlySpan<int> run, int parent, int position)
    {
        segments.Add(new Segment(tokens.Count, run.Length, parent));
        foreach (int token in run)
        {
            tokens.Add(token);
            positions.Add(position++);
            isRead.Add(false);
        }

        return segments.Count - 1;
    }

    private void AddTarget(int row, int token)
    {
        targets.Add((row, token));
        isRead[row] = true;
    }
}
