namespace Goodhart.Evaluation.Statistics;

/// <summary>Scores of cases that are positive or not, sorted once, so that resamples of the cases cost one pass each.</summary>
/// <remarks>A case is called positive where its score is at least a threshold. Equal scores are called together.</remarks>
public sealed class RocCurve
{
    private readonly int[] order;
    private readonly double[] scores;
    private readonly bool[] positive;

    /// <param name="scores">Higher means positive; shape [n].</param>
    /// <param name="positive">The truth, shape [n].</param>
    public RocCurve(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        if (scores.Length != positive.Length)
        {
            throw new ArgumentException($"A curve needs a score per case, got {scores.Length} scores of {positive.Length} cases.");
        }

        (this.scores, this.positive) = (scores.ToArray(), positive.ToArray());
        double[] keys = [.. this.scores.Select(score => -score)];
        order = [.. Enumerable.Range(0, keys.Length)];
        Array.Sort(keys, order);
    }

    /// <summary>Probability that a positive case has the higher score than another, ties one half: the area under the curve.</summary>
    /// <param name="counts">How often each case counts, shape [n]; null: once.</param>
    /// <returns>Null where one of the two kinds is missing.</returns>
    public double? Area(ReadOnlySpan<double> counts = default)
    {
        double area = 0;
        double found = 0;
        double others = 0;
        foreach ((double hits, double alarms) in Steps(counts.ToArray()))
        {
            area += alarms * (found + (hits / 2));
            found += hits;
            others += alarms;
        }

        return found > 0 && others > 0 ? area / (found * others) : null;
    }

    /// <summary>The curve's corners, from (0, 0) to (1, 1).</summary>
    public IReadOnlyList<RocPoint> Points()
    {
        double found = positive.Count(truth => truth);
        double others = positive.Length - found;
        List<RocPoint> points = [new RocPoint(double.PositiveInfinity, 0, 0)];
        int place = 0;
        foreach ((double hits, double alarms) in Steps([]))
        {
            RocPoint last = points[^1];
            place += (int)(hits + alarms);
            points.Add(new RocPoint(scores[order[place - 1]], last.Detected + (hits / found), last.FalseAlarms + (alarms / others)));
        }

        return points;
    }

    /// <summary>The highest threshold that detects at least this share of the positive cases, and what it costs.</summary>
    /// <param name="detected">In (0, 1].</param>
    /// <param name="counts">How often each case counts, shape [n]; none: once.</param>
    /// <returns>Null where one of the two kinds is missing.</returns>
    public RocPoint? At(double detected, ReadOnlySpan<double> counts = default)
    {
        double[] times = counts.ToArray();
        double found = 0;
        double others = 0;
        for (int i = 0; i < positive.Length; i++)
        {
            double count = times.Length == 0 ? 1 : times[i];
            (found, others) = positive[i] ? (found + count, others) : (found, others + count);
        }

        if (found == 0 || others == 0)
        {
            return null;
        }

        RocPoint reached = new(double.PositiveInfinity, 0, 0);
        int place = 0;
        foreach ((double hits, double alarms) in Steps(times))
        {
            place = EndOfTie(place);
            reached = new RocPoint(scores[order[place - 1]], reached.Detected + (hits / found), reached.FalseAlarms + (alarms / others));
            if (reached.Detected >= detected - 1e-12)
            {
                break;
            }
        }

        return reached;
    }

    /// <summary>Positive and other cases by distinct score, from the highest down.</summary>
    private IEnumerable<(double Hits, double Alarms)> Steps(double[] counts)
    {
        for (int start = 0; start < order.Length;)
        {
            int end = EndOfTie(start);
            double hits = 0;
            double alarms = 0;
            foreach (int item in order.AsSpan(start, end - start))
            {
                double count = counts.Length == 0 ? 1 : counts[item];
                (hits, alarms) = positive[item] ? (hits + count, alarms) : (hits, alarms + count);
            }

            start = end;
            yield return (hits, alarms);
        }
    }

    private int EndOfTie(int start)
    {
        int end = start + 1;
        while (end < order.Length && scores[order[end]] == scores[order[start]])
        {
            end++;
        }

        return end;
    }
}

/// <param name="Threshold">Scores from here on are called positive; infinite where none is.</param>
/// <param name="Detected">Share of the positive cases that are called so.</param>
/// <param name="FalseAlarms">Share of the others that are called so.</param>
public readonly record struct RocPoint(double Threshold, double Detected, double FalseAlarms);
