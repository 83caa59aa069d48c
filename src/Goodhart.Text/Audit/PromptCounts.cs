using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Truncation;

namespace Goodhart.Text.Audit;

/// <summary>Which prompts there are, by hash, and how they end.</summary>
internal sealed class PromptCounts
{
    private const int CuesShown = 10;

    private readonly Dictionary<UInt128, int> rowsByPrompt = [];
    private readonly Dictionary<string, int> cues = new(StringComparer.Ordinal);
    private int empty;

    public void Add(string prompt)
    {
        UInt128 print = Fingerprint.Of(prompt);
        rowsByPrompt[print] = rowsByPrompt.GetValueOrDefault(print) + 1;
        empty += prompt.Length == 0 ? 1 : 0;
        if (PromptCue.Of(prompt) is { } cue)
        {
            cues[cue] = cues.GetValueOrDefault(cue) + 1;
        }
    }

    public PromptAudit Result() => new(
        rowsByPrompt.Count,
        rowsByPrompt.Values.Sum() - rowsByPrompt.Count,
        empty,
        new OrderedDictionary<string, int>(
            cues.OrderByDescending(cue => cue.Value).ThenBy(cue => cue.Key, StringComparer.Ordinal).Take(CuesShown)));

    public OverlapAudit Against(Dataset other)
    {
        HashSet<UInt128> theirs = [.. other.Examples().Select((SftRow row) => Fingerprint.Of(row.Prompt))];
        int[] shared = [.. rowsByPrompt.Where(prompt => theirs.Contains(prompt.Key)).Select(prompt => prompt.Value)];
        return new OverlapAudit(other.File.Name, theirs.Count, shared.Length, shared.Sum());
    }
}
