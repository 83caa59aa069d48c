using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Reports;
using Goodhart.Evaluation.Points;
using Goodhart.Models;
using Goodhart.Steps.Measuring;

namespace Goodhart.Steps.Runs;

/// <summary>A judged evaluation as a study's results have it: points.csv in the evaluation's folder.</summary>
internal static class EvaluationPoints
{
    /// <param name="rows">The reference first.</param>
    /// <param name="samples">With the pairs that were judged; per checkpoint.</param>
    /// <param name="all">In the order of the pairs.</param>
    public static JudgedFolders Write(
        string directory, EvaluateSettings settings, IReadOnlyList<EvaluatedFolder> rows,
        (ResponseRecord Sample, ResponsePair Pair)[][] samples, IReadOnlyList<PairJudgement> all)
    {
        List<PairJudgement[]> judgements = [];
        foreach ((ResponseRecord, ResponsePair)[] part in samples)
        {
            judgements.Add([.. all.Skip(judgements.Sum(done => done.Length)).Take(part.Length)]);
        }

        WinRate[] rates = [.. judgements.Select(part => WinRate.Of(part))];
        ReferenceSize reference = ReferenceSize.Of(settings.ReferencePath);
        CheckpointPoint[] points = [.. rates.Select((rate, i) => Point(settings, rows[i], i == 0, rate, reference))];
        PointsFile.Write(Path.Combine(directory, "points.csv"), points);
        return new JudgedFolders(
            reference, [.. points.Zip(Outcomes(judgements, samples), (point, outcome) => new EvaluatedCheckpoint(point, outcome))],
            [.. rates.Select((rate, i) => new CheckpointWinRate(rows[i].Checkpoint, rate))], PositionBias.Of(all));
    }

    private static CheckpointPoint Point(
        EvaluateSettings settings, EvaluatedFolder row, bool isReference, WinRate rate, ReferenceSize reference)
    {
        CheckpointOrigin? origin = isReference ? null : CheckpointOrigin.Of(row.Checkpoint, settings.Loss);
        CheckpointPoint point = row.Measures.AddTo(new CheckpointPoint
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
            Kl = 0,
            WinRate = rate.Rate,
            WinRateSe = rate.StandardError,
        });
        return isReference ? point with { Kl = 0, KlSe = 0 } : point;   // by definition; what is measured there is rounding
    }

    /// <summary>Paired outcomes: on the prompts on which every checkpoint has a verdict.</summary>
    private static PerPromptOutcomes[] Outcomes(List<PairJudgement[]> judgements, (ResponseRecord Sample, ResponsePair Pair)[][] samples)
    {
        IReadOnlyDictionary<string, double>[] scores = [.. judgements.Select(PromptScores.Of)];
        string[] common = [.. scores[0].Keys.Where(prompt => scores.All(score => score.ContainsKey(prompt)))];
        return
        [
            .. scores.Select((score, i) =>
            {
                Dictionary<string, double> kl = samples[i].GroupBy(judged => judged.Pair.Prompt, StringComparer.Ordinal)
                    .ToDictionary(group => group.Key, group => group.Average(judged => judged.Sample.Kl), StringComparer.Ordinal);
                return new PerPromptOutcomes([.. common.Select(prompt => score[prompt])], [.. common.Select(prompt => kl[prompt])]);
            }),
        ];
    }
}

/// <param name="Checkpoints">The reference first, with outcomes on the prompts on which every checkpoint has a verdict.</param>
/// <param name="WinRates">In the order of the checkpoints.</param>
/// <param name="Position">Over all verdicts; null for a judge without positions.</param>
public sealed record JudgedFolders(
    ReferenceSize Reference, IReadOnlyList<EvaluatedCheckpoint> Checkpoints, IReadOnlyList<CheckpointWinRate> WinRates,
    PositionBias? Position);

/// <summary>A checkpoint's win rate against the data's responses.</summary>
public sealed record CheckpointWinRate(string Checkpoint, WinRate WinRate);

/// <summary>The model that the checkpoints started from.</summary>
public sealed record ReferenceSize(string Name, long Parameters, long NonEmbedding)
{
    public static ReferenceSize Of(string path)
    {
        ModelShape shape = ModelInput.Open(path, told: null).Config.Shape;   // told when the evaluation began
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string name = Path.GetFileName(full);

        // `goodhart sft --out NAME` leaves its model in NAME/model.
        return new ReferenceSize(
            name == "model" ? Path.GetFileName(Path.GetDirectoryName(full)) ?? name : name, shape.Parameters, shape.NonEmbedding);
    }
}
