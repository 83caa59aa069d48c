using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Truncation;

namespace Goodhart.Text.Audit;

/// <summary>Which prompts there are, by hash, and how they end.</summary>
internal sealed class PromptCounts
{
    private const int CuesShown = 10;

    private readonly Dictionary<UInt128, int> rowsByPrompt = [];

    // Of a prompt with several turns, the hashes of what it was before each.
    private readonly Dictionary<UInt128, UInt128[]> earlier = [];
    private readonly Dictionary<string, int> cues = new(StringComparer.Ordinal);
    private int empty;

    /// <param name="written">As training reads it.</param>
    /// <param name="said">What it says, whoever writes it.</param>
    public void Add(string written, string said)
    {
        UInt128 print = Fingerprint.Of(said);
        if (!rowsByPrompt.TryAdd(print, 1))
        {
            rowsByPrompt[print]++;
        }
        else if (Earlier(said) is { Length: > 0 } turns)
        {
            earlier.Add(print, turns);
        }

        empty += said.Length == 0 ? 1 : 0;
        if (PromptCue.Of(written) is { } cue)
        {
            cues[cue] = cues.GetValueOrDefault(cue) + 1;
        }
    }

    public PromptAudit Result() => new(
        rowsByPrompt.Count,
        rowsByPrompt.Values.Sum() - rowsByPrompt.Count,
        earlier.Values.Count(turns => turns.Any(rowsByPrompt.ContainsKey)),
        empty,
        new OrderedDictionary<string, int>(
            cues.OrderByDescending(cue => cue.Value).ThenBy(cue => cue.Key, StringComparer.Ordinal).Take(CuesShown)));

    public OverlapAudit Against(Dataset other)
    {
        HashSet<UInt128> theirs = [];
        HashSet<UInt128> theirEarlier = [];
        foreach (SftRow row in other.Whole())
        {
            if (theirs.Add(Fingerprint.Of(row.Prompt)))
            {
                theirEarlier.UnionWith(Earlier(row.Prompt));
            }
        }

        UInt128[] shared = [.. rowsByPrompt.Keys.Where(theirs.Contains)];
        int continued = rowsByPrompt.Keys.Count(prompt => !theirs.Contains(prompt)
            && (theirEarlier.Contains(prompt) || earlier.GetValueOrDefault(prompt, []).Any(theirs.Contains)));
        return new OverlapAudit(other.File.Name, theirs.Count, shared.Length, shared.Sum(prompt => rowsByPrompt[prompt]), continued);
    }

    private static UInt128[] Earlier(string prompt) => [.. DialogueTurns.Earlier(prompt).Select(turn => Fingerprint.Of(turn))];
}
