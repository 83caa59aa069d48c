using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Reports;
using Goodhart.Pipeline;
using Goodhart.Studies.Stages.Running;
using Goodhart.Studies.Tools;

namespace Goodhart.Studies.Judging;

/// <summary>Win rates of files of responses under a judge.</summary>
public sealed class WinRateRun
{
    private static readonly JsonSerializerOptions Layout = new(JsonLines.Options) { WriteIndented = true, NewLine = "\n" };

    private readonly WinRateSettings settings;
    private readonly (string A, string B, PairedResponses Responses)[] comparisons;
    private readonly ResponsePair[] judged;
    private readonly ResponsePair[] again;

    private WinRateRun(WinRateSettings settings, (string A, string B, PairedResponses Responses)[] comparisons)
    {
        this.settings = settings;
        this.comparisons = comparisons;
        judged = [.. comparisons.SelectMany(comparison => comparison.Responses.Pairs)];
        ResponsePair[] askable = [.. judged.Where(pair => !pair.IsIdentical)];
        again =
        [
            .. PairDraws.Choose(askable, settings.Retest, settings.Seed, "judge/retest", pair => (pair.Prompt, pair.Sample)).Select(pair => pair with { Repeat = 1 }),
        ];
        Pairs = [.. judged, .. again];
    }

    /// <summary>Prompts that all files have and that were chosen.</summary>
    public int Prompts => judged.Select(pair => pair.Prompt).Distinct(StringComparer.Ordinal).Count();

    /// <summary>Everything the judge is to decide: comparisons, then what is asked again.</summary>
    public IReadOnlyList<ResponsePair> Pairs { get; }

    /// <exception cref="InvalidDataException">A file cannot be read, or no prompt is in all of them.</exception>
    public static WinRateRun Read(WinRateSettings settings)
    {
        (string Name, IReadOnlyList<ResponseRow> Rows) a = (settings.A, ResponseRows.Read(settings.A, settings.Reading));
        (string Name, IReadOnlyList<ResponseRow> Rows) b = (settings.B, ResponseRows.Read(settings.B, settings.Reading));
        (string Name, IReadOnlyList<ResponseRow> Rows)? third =
            settings.Against is { } path ? (path, ResponseRows.Read(path, settings.Reading)) : null;
        IEnumerable<string> common = a.Rows.Select(row => row.Prompt).Distinct(StringComparer.Ordinal).Intersect(b.Rows.Select(row => row.Prompt));
        string[] prompts = [.. third is null ? common : common.Intersect(third.Value.Rows.Select(row => row.Prompt))];
        if (prompts.Length == 0)
        {
            throw new InvalidDataException(
                $"{settings.A} and {settings.B}{(third is null ? "" : $" and {settings.Against}")} have no prompt in common. Prompts must be the same text: "
                + $"the first of {settings.A} begins \"{Beginning(a.Rows[0].Prompt)}\", of {settings.B} \"{Beginning(b.Rows[0].Prompt)}\".");
        }

        HashSet<string> chosen = [.. PairedResponses.ChoosePrompts(prompts, settings.Limit, settings.Seed)];
        return new WinRateRun(settings, third is { } opponent ? [Match(a, opponent), Match(b, opponent)] : [Match(a, b)]);

        (string A, string B, PairedResponses Responses) Match(
            (string Name, IReadOnlyList<ResponseRow> Rows) left, (string Name, IReadOnlyList<ResponseRow> Rows) right)
        {
            PairedResponses all = PairedResponses.Match(left.Rows, right.Rows);
            return (left.Name, right.Name, all with { Pairs = [.. all.Pairs.Where(pair => chosen.Contains(pair.Prompt))] });
        }
    }

    /// <summary>Makes the folder ours.</summary>
    /// <exception cref="InvalidDataException">It holds something else.</exception>
    public static string Claim(string directory) => RunFolder.Claim(directory, "winrate");

    /// <summary>Judges, and writes verdicts.jsonl and winrate.json.</summary>
    /// <param name="directory">From <see cref="Claim"/>; null: nothing is written.</param>
    public async Task<WinRateResult> RunAsync(JudgeSession session, string? directory, IProgress<JudgeProgress>? progress, CancellationToken cancel)
    {
        IReadOnlyDictionary<string, Outcome>? others = Others();
        IReadOnlyList<PairJudgement> judgements = await session.JudgeAsync(Pairs, progress, cancel).ConfigureAwait(false);
        if (directory is not null)
        {
            VerdictFile.Write(directory, judgements);   // first: they are of use even where no rate can be told
        }

        WinRateResult result = Report(session.Judge.Identity, judgements, others);
        if (directory is not null)
        {
            AtomicFile.WriteAllText(Path.Combine(directory, "winrate.json"), JsonSerializer.Serialize(result, Layout) + "\n");
            RunFolder.WriteRecord(directory, new
            {
                stage = "winrate",
                judge = result.Judge,
                inputs = Inputs(),
                settings.Limit,
                settings.Seed,
                settings.Retest,
                orders = OrdersOf(judgements),
            });
        }

        return result;
    }

    private WinRateResult Report(string identity, IReadOnlyList<PairJudgement> judgements, IReadOnlyDictionary<string, Outcome>? others)
    {
        List<(Comparison Comparison, PairJudgement[] Judgements)> parts = [];
        int start = 0;
        foreach ((string a, string b, PairedResponses responses) in comparisons)
        {
            PairJudgement[] part = [.. judgements.Skip(start).Take(responses.Pairs.Count)];
            parts.Add((new Comparison(a, b, responses.OnlyA, responses.OnlyB, WinRate.Of(part)), part));
            start += part.Length;
        }

        PairJudgement[] first = [.. judgements.Take(judged.Length)];
        WinRateDifference? difference = parts.Count == 2 ? WinRateDifference.Of(parts[0].Judgements, parts[1].Judgements, settings.Seed) : null;
        Agreement? retest = Retested(first, judgements.Skip(judged.Length));
        Agreement? withOther = others is null ? null : Agreed(first, others);
        return new WinRateResult(
            JsonNode.Parse(identity)!,
            [.. parts.Select(part => part.Comparison)],
            difference,
            retest,
            withOther,
            [
                .. parts.Count == 2 && difference is null ? ["difference: no prompt has a verdict for both A and B."] : (string[])[],
                .. again.Length > 0 && retest is null ? ["asked again: no pair has two verdicts."] : (string[])[],
                .. others is not null && withOther is null ? ["with the other judge: no pair has a verdict from both."] : (string[])[],
            ],
            judgements.SelectMany(judgement => judgement.Orders).Select(order => order.Model).OfType<string>()
                .CountBy(model => model).ToDictionary(StringComparer.Ordinal));
    }

    /// <summary>Outcomes of the other judge; nothing is paid for before it is known that they are of the same pairs.</summary>
    private IReadOnlyDictionary<string, Outcome>? Others()
    {
        if (settings.AgreeWith is not { } folder)
        {
            return null;
        }

        IReadOnlyDictionary<string, Outcome> others = VerdictFile.Read(folder);
        return judged.Any(pair => others.ContainsKey(pair.Id))
            ? others
            : throw new InvalidDataException(
                $"--agree-with {folder}: none of its pairs is one of these; expected another judge's run on the same files, in the same order of A and B.");
    }

    /// <summary>On what both were asked about: one text twice is a tie by rule, and no judge's merit.</summary>
    private Agreement? Agreed(PairJudgement[] first, IReadOnlyDictionary<string, Outcome> others) => Agreement.Of(
        [
            .. first.DistinctBy(judgement => judgement.Pair.Id)
                .Where(judgement => judgement.Orders.Count > 0 && judgement.Outcome is not null && others.ContainsKey(judgement.Pair.Id))
                .Select(judgement => (judgement.Outcome!.Value, others[judgement.Pair.Id])),
        ],
        settings.Seed);

    private Agreement? Retested(PairJudgement[] first, IEnumerable<PairJudgement> second)
    {
        Dictionary<ResponsePair, Outcome?> before = first.DistinctBy(judgement => judgement.Pair).ToDictionary(judgement => judgement.Pair, judgement => judgement.Outcome);
        return Agreement.Of(
            [
                .. second.Where(judgement => judgement.Orders.Count > 0).Select(judgement => (Before: before[judgement.Pair with { Repeat = 0 }], After: judgement.Outcome))
                    .Where(pair => pair.Before is not null && pair.After is not null).Select(pair => (pair.Before!.Value, pair.After!.Value)),
            ],
            settings.Seed);
    }

    /// <summary>Null for a judge without positions.</summary>
    private static PositionOrders? OrdersOf(IReadOnlyList<PairJudgement> judgements) =>
        judgements.FirstOrDefault(judgement => judgement.Orders.Any(order => order.Model is not null)) is not { } shown ? null
        : shown.Orders.Count == 2 ? PositionOrders.Both : PositionOrders.Random;

    private object[] Inputs() => [.. new[] { settings.A, settings.B, settings.Against }.OfType<string>().Select(path => new { path, new InputFile(path).Sha256 })];

    private static string Beginning(string text) => text.Length <= 60 ? text : text[..60] + "...";
}
