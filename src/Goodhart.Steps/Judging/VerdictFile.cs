using Goodhart.Evaluation.Judges;
using Goodhart.Pipeline;
using Goodhart.Steps.Lines;

namespace Goodhart.Steps.Judging;

/// <summary>A pair's verdict as a line of verdicts.jsonl.</summary>
/// <param name="Pair">See <see cref="ResponsePair.Id"/>.</param>
/// <param name="Repeat">0, or which further time the pair was asked about.</param>
/// <param name="Score">A's, in [0, 1]; absent where the verdict is missing.</param>
internal sealed record VerdictRow(
    string Pair, int Repeat, double? Score, Outcome? Outcome, IReadOnlyList<OrderedVerdict> Orders, string Prompt, string A, string B);

/// <summary>verdicts.jsonl: for reading, and for comparing judges.</summary>
public static class VerdictFile
{
    public const string Name = "verdicts.jsonl";

    public static void Write(string directory, IEnumerable<PairJudgement> judgements) => AtomicFile.WriteAllText(
        Path.Combine(directory, Name), string.Concat(judgements.Select(judgement => JsonLines.Write(Row(judgement)) + "\n")));

    /// <summary>Another judge's first outcomes by pair; nothing is paid for before it is known that they are of the same pairs.</summary>
    /// <exception cref="FileNotFoundException">The folder is not that of a finished run.</exception>
    /// <exception cref="InvalidDataException">Its pairs are others.</exception>
    public static IReadOnlyDictionary<string, Outcome> ReadOthers(string directory, IEnumerable<ResponsePair> pairs)
    {
        string path = Path.Combine(directory, Name);
        Dictionary<string, Outcome> others = File.Exists(path)
            ? File.ReadLines(path).Select(JsonLines.Read<VerdictRow>).Where(row => row.Repeat == 0 && row.Outcome is not null)
                .DistinctBy(row => row.Pair).ToDictionary(row => row.Pair, row => row.Outcome!.Value, StringComparer.Ordinal)
            : throw new FileNotFoundException(
                $"no {Name} in {directory}; expected the --out folder of another `goodhart winrate` on the same pairs.");
        return pairs.Any(pair => others.ContainsKey(pair.Id)) ? others : throw new InvalidDataException(
            $"--agree-with {directory}: none of its pairs is one of these; expected another judge's run on the same files, in the same "
                + "order of A and B.");
    }

    /// <summary>A's scores in the order in which they were judged; NaN where the verdict is missing.</summary>
    public static double[] Scores(string path) =>
        [.. File.ReadLines(path).Select(line => JsonLines.Read<VerdictRow>(line).Score ?? double.NaN)];

    private static VerdictRow Row(PairJudgement judgement) => new(
        judgement.Pair.Id, judgement.Pair.Repeat, judgement.Score, judgement.Outcome, judgement.Orders, judgement.Pair.Prompt,
        judgement.Pair.A.Text,
        judgement.Pair.B.Text);
}
