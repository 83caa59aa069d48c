using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Alarms;

/// <summary>Every value of a factor in turn left out of what a predictor is fitted to, and predicted.</summary>
/// <param name="Factor">For example "loss".</param>
/// <param name="Values">Those that were left out in turn.</param>
/// <param name="Skipped">Those without which the rest has runs of one kind only.</param>
/// <param name="Runs">Decided runs that were predicted.</param>
/// <param name="Checkpoints">Decided checkpoints of them.</param>
/// <param name="Past">Of these, past the peak.</param>
/// <param name="Alarm">The alarm itself.</param>
/// <param name="Plain">What it has to beat.</param>
/// <param name="Differences">Area of the alarm minus that of each of <paramref name="Plain"/>, with an interval.</param>
/// <param name="Beats">Supported: every difference is above 0 beyond chance. Contradicted: some difference is below it.</param>
public sealed record LeftOutTest(
    string Factor, IReadOnlyList<string> Values, IReadOnlyList<string> Skipped, int Runs, int Checkpoints, int Past, PredictorScore Alarm,
    IReadOnlyList<PredictorScore> Plain, IReadOnlyList<AreaEstimate> Differences, Verdict Beats)
{
    /// <param name="rows">Of decided runs.</param>
    /// <returns>Null where the factor has one value, or nothing can be predicted.</returns>
    public static LeftOutTest? Of(AlarmFactor factor, IReadOnlyList<AlarmRow> rows, AlarmPredictor alarm, AlarmTestOptions options)
    {
        string[] values = [.. rows.Select(factor.Of).Distinct()];
        if (values.Length < 2)
        {
            return null;
        }

        string[] told = [.. values.Where(value => HasBoth(rows.Where(row => factor.Of(row) != value)))];
        AlarmRow[] asked = [.. rows.Where(row => told.Contains(factor.Of(row)))];
        AlarmRow[] decided = [.. asked.Where(row => row.Past is not null)];
        if (!HasBoth(decided))
        {
            return null;
        }

        AlarmPredictor[] predictors = [alarm, .. AlarmPredictor.Plain];
        Prediction[] predictions = [.. predictors.Select(predictor => Prediction.Of(factor, told, rows, asked, predictor))];
        RunDraws draws = new(decided, options);
        double[][] areas = [.. predictions.Select(prediction => draws.Areas(prediction.Curve))];
        PredictorScore[] scores = [.. predictions.Select((prediction, i) => prediction.Score(areas[i], draws, options))];
        AreaEstimate[] differences =
        [
            .. Enumerable.Range(1, predictors.Length - 1).Select(i => new AreaEstimate(
                scores[0].Area.Value - scores[i].Area.Value,
                Percentiles.Interval(areas[0].Zip(areas[i], (x, y) => x - y).Where(double.IsFinite), options.Level))),
        ];
        return new LeftOutTest(
            factor.Name, told, [.. values.Except(told)], decided.Select(row => row.Run).Distinct().Count(), decided.Length,
            decided.Count(row => row.Past == true), scores[0], scores[1..], differences,
            differences.All(d => d.Interval.Low > 0) ? Verdict.Supported
                : differences.Any(d => d.Interval.High < 0) ? Verdict.Contradicted : Verdict.Inconclusive);
    }

    private static bool HasBoth(IEnumerable<AlarmRow> rows) => rows.Select(row => row.Past).OfType<bool>().Distinct().Count() == 2;

    /// <summary>The probabilities that a predictor gave to rows whose value of the factor it had not seen.</summary>
    private sealed record Prediction(string Name, AlarmRow[] Rows, double[] Probabilities, RocCurve Curve)
    {
        public static Prediction Of(
            AlarmFactor factor, string[] values, IReadOnlyList<AlarmRow> rows, AlarmRow[] asked, AlarmPredictor predictor)
        {
            Dictionary<string, AlarmModel> models = values.ToDictionary(
                value => value,
                value => AlarmModel.Fit([.. rows.Where(row => row.Past is not null && factor.Of(row) != value)], predictor.Features));
            double[] stated =
            [
                .. asked.Select(row => models[factor.Of(row)].Probability([.. predictor.Features.Select(feature => feature.Of(row))])),
            ];
            (double Stated, bool Past)[] decided =
                [.. asked.Zip(stated).Where(pair => pair.First.Past is not null).Select(pair => (pair.Second, pair.First.Past == true))];
            return new Prediction(
                predictor.Name, asked, stated,
                new RocCurve([.. decided.Select(pair => pair.Stated)], [.. decided.Select(pair => pair.Past)]));
        }

        public PredictorScore Score(double[] areas, RunDraws draws, AlarmTestOptions options)
        {
            RocPoint chosen = Curve.At(options.Detection)!.Value;
            (AlarmRow Row, double Probability)[] all = [.. Rows.Zip(Probabilities)];
            (AlarmRow Row, double Probability)[] decided = [.. all.Where(pair => pair.Row.Past is not null)];
            return new PredictorScore(
                Name,
                new AreaEstimate(Curve.Area()!.Value, Percentiles.Interval(areas.Where(double.IsFinite), options.Level)),
                chosen.Threshold,
                new AreaEstimate(
                    chosen.FalseAlarms,
                    Percentiles.Interval(draws.FalseAlarms(Curve, options.Detection).Where(double.IsFinite), options.Level)),
                ProbabilityCheck.Of([.. decided.Select(pair => pair.Probability)], [.. decided.Select(pair => pair.Row.Past == true)]),
                LeadTime.Of(all.GroupBy(pair => pair.Row.Run).Select(run => run.ToArray()), chosen.Threshold),
                Curve.Points());
        }
    }
}

/// <summary>How well a predictor did on what it had not seen.</summary>
/// <param name="Area">Under the ROC curve of its checkpoints.</param>
/// <param name="Threshold">The highest probability that detects the asked share of checkpoints past the peak.</param>
/// <param name="FalseAlarms">Share of the checkpoints not past the peak that are called past it there.</param>
/// <param name="Calibration">Of its probabilities.</param>
/// <param name="Lead">At the threshold.</param>
/// <param name="Curve">The ROC curve.</param>
public sealed record PredictorScore(
    string Name, AreaEstimate Area, double Threshold, AreaEstimate FalseAlarms, ProbabilityCheck Calibration, LeadTime Lead,
    IReadOnlyList<RocPoint> Curve);

/// <summary>A share or an area, with an interval by resampling runs.</summary>
public readonly record struct AreaEstimate(double Value, ConfidenceInterval Interval);
