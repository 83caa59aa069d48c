using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Reports;
using Goodhart.Evaluation.Points;
using Goodhart.Models;
using Goodhart.Studies.Stages.Measuring;
using Goodhart.Studies.Stages.Running;

namespace Goodhart.Studies.Judging;

/// <summary>The checkpoints of an evaluation judged against the data set's responses: win rates for points.csv, and a report.</summary>
public sealed class JudgedEvaluation
{
    private readonly EvaluateSettings settings;
    private readonly EvaluationResult evaluation;
    private readonly IReadOnlyList<IReadOnlyList<EvaluatedSample>> samples;
    private readonly ResponsePair[][] pairs;

    private JudgedEvaluation(
        EvaluateSettings settings, EvaluationResult evaluation, IReadOnlyList<IReadOnlyList<EvaluatedSample>> samples, ResponsePair[][] pairs) =>
        (this.settings, this.evaluation, this.samples, this.pairs) = (settings, evaluation, samples, pairs);

    /// <summary>A policy's sample against the data's response, for all checkpoints.</summary>
    public IReadOnlyList<ResponsePair> Pairs => [.. pairs.SelectMany(pair => pair)];

    /// <summary>The data's responses by row: what the policies are judged against.</summary>
    /// <exception cref="InvalidDataException">The file of prompts has no responses.</exception>
    public static IReadOnlyDictionary<int, ResponseRow> DataResponses(EvaluateSettings settings)
    {
        try
        {
            return ResponseRows.Read(settings.PromptsPath, settings.Reading).ToDictionary(row => row.Row);
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException(
                $"--judge compares with the data's responses, so --prompts needs them (a column response or reference, or preference or SFT data): {fault.Message}", fault);
        }
    }

    /// <param name="evaluation">Finished, in its folder.</param>
    public static JudgedEvaluation Of(EvaluateSettings settings, EvaluationResult evaluation, IReadOnlyDictionary<int, ResponseRow> data)
    {
        IReadOnlyList<IReadOnlyList<EvaluatedSample>> samples = EvaluatedResponses.Read(evaluation.Directory);
        return new JudgedEvaluation(
            settings,
            evaluation,
            samples,
            [.. samples.Select(checkpoint => checkpoint.Select(
                sample => Pair(settings, sample, data)).ToArray())]);
    }

    /// <summary>Judges, and writes verdicts.jsonl, points.csv, results.json and report.html into the evaluation's folder.</summary>
    /// <returns>Win rates, the reference's first.</returns>
    public async Task<IReadOnlyList<CheckpointWinRate>> RunAsync(
        JudgeSession session, string judge, StageEnvironment environment, IProgress<JudgeProgress>? progress, CancellationToken cancel)
    {
        IReadOnlyList<PairJudgement> all = await session.JudgeAsync(Pairs, progress, cancel).ConfigureAwait(false);
        VerdictFile.Write(evaluation.Directory, all);
        List<PairJudgement[]> judgements = [];
        foreach (ResponsePair[] part in pairs)
        {
            judgements.Add([.. all.Skip(judgements.Sum(done => done.Length)).Take(part.Length)]);
        }

        WinRate[] rates = [.. judgements.Select(part => WinRate.Of(part))];
        ReferenceModel reference = ReferenceModel.Of(settings.ReferencePath);
        CheckpointPoint[] points = [.. rates.Select((rate, i) => Point(i, rate, reference))];
        PointsFile.Write(Path.Combine(evaluation.Directory, "points.csv"), points);
        JudgedReport.Write(
            evaluation.Directory, settings, judge, reference, [.. points.Zip(Outcomes(judgements), (point, outcome) => new EvaluatedCheckpoint(point, outcome))], rates,
            PositionBias.Of(all), environment);
        return [.. rates.Select((rate, i) => new CheckpointWinRate(evaluation.Rows[i].Checkpoint, rate))];
    }

    internal static ResponsePair Pair(EvaluateSettings settings, EvaluatedSample sample, IReadOnlyDictionary<int, ResponseRow> data) =>
        data.TryGetValue(sample.Prompt, out ResponseRow? row)
            ? new ResponsePair(row.Prompt, sample.Response, row.Response, sample.Sample)
            : throw new InvalidDataException(FormattableString.Invariant(
                $"{settings.PromptsPath} row {sample.Prompt + 1}: expected a response to compare with, found none; leave the row out, or run without --judge."));

    private CheckpointPoint Point(int index, WinRate rate, ReferenceModel reference)
    {
        EvaluatedFolder row = evaluation.Rows[index];
        CheckpointOrigin? origin = index == 0 ? null : CheckpointOrigin.Of(row.Checkpoint, settings.Loss);
        CheckpointMeasures measures = row.Measures;
        HeldOutMeasures? heldOut = measures.Pairs;
        return new CheckpointPoint
        {
            Loss = origin?.Loss ?? "",
            Beta = origin?.Beta,
            Model = reference.Name,
            Parameters = reference.Parameters,
            NonEmbedding = reference.NonEmbedding,
            Seed = origin?.Seed ?? 0,
            Fraction = origin?.Fraction ?? 0,
            Step = origin?.Step ?? 0,
            Examples = origin?.Examples ?? 0,
            Kl = index == 0 ? 0 : measures.Kl.Mean,   // by definition; what is measured there is rounding
            KlSe = index == 0 ? 0 : measures.Kl.StandardError,
            KlK1 = measures.KlK1.Mean,
            KlK1Se = measures.KlK1.StandardError,
            WinRate = rate.Rate,
            WinRateSe = rate.StandardError,
            Length = measures.Length.Mean,
            LengthSe = measures.Length.StandardError,
            EosRate = measures.EosRate,
            Repetition = measures.Repetition,
            ForwardKl = heldOut?.ForwardKl,
            ForwardKlSe = heldOut?.ForwardKlSe,
            LossValue = heldOut?.LossValue,
            Accuracy = heldOut?.Accuracy,
            Margin = heldOut?.Margin,
            LogProbChosen = heldOut?.LogProbChosen,
            LogProbRejected = heldOut?.LogProbRejected,
            RewardChosen = heldOut?.RewardChosen,
            RewardRejected = heldOut?.RewardRejected,
        };
    }

    /// <summary>Paired outcomes: on the prompts on which every checkpoint has a verdict.</summary>
    private PerPromptOutcomes[] Outcomes(List<PairJudgement[]> judgements)
    {
        IReadOnlyDictionary<string, double>[] scores = [.. judgements.Select(PromptScores.Of)];
        string[] common = [.. scores[0].Keys.Where(prompt => scores.All(score => score.ContainsKey(prompt)))];
        return
        [
            .. scores.Select((score, i) =>
            {
                Dictionary<string, double> kl = samples[i].Zip(pairs[i]).GroupBy(both => both.Second.Prompt, StringComparer.Ordinal)
                    .ToDictionary(group => group.Key, group => group.Average(both => both.First.Kl), StringComparer.Ordinal);
                return new PerPromptOutcomes([.. common.Select(prompt => score[prompt])], [.. common.Select(prompt => kl[prompt])]);
            }),
        ];
    }
}

/// <summary>A checkpoint's win rate against the data's responses.</summary>
public sealed record CheckpointWinRate(string Checkpoint, WinRate WinRate);

/// <summary>The model that the checkpoints started from.</summary>
internal sealed record ReferenceModel(string Name, long Parameters, long NonEmbedding)
{
    public static ReferenceModel Of(string path)
    {
        ModelShape shape = ModelInput.Open(path).Config.Shape;
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string name = Path.GetFileName(full);

        // `goodhart sft --out NAME` leaves its model in NAME/model.
        return new ReferenceModel(
            name == "model" ? Path.GetFileName(Path.GetDirectoryName(full)) ?? name : name, shape.Parameters, shape.NonEmbedding);
    }
}
