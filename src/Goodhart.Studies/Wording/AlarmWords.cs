using Goodhart.Evaluation.Alarms;
using Goodhart.Report.Text;

namespace Goodhart.Studies.Wording;

/// <summary>An alarm's test in sentences, computed from it.</summary>
public static class AlarmWords
{
    /// <summary>What the alarm was learnt from and tested on.</summary>
    public static string Truth(AlarmTest test) =>
        $"Of {Words.Count(test.Runs, "run")} whose win rates are known {Numbers.Count(test.Peaked)} end below their peak beyond chance, "
        + $"{Numbers.Count(test.Rising)} end at it, and {Numbers.Count(test.Undecided)} are undecided and left out; so are "
        + $"{Numbers.Count(test.CheckpointsUndecided)} of the other runs’ {Words.Count(test.Checkpoints, "checkpoint")}, "
        + "not below their peak beyond chance. "
        + (test.OnBothSides == 0
            ? "No run has checkpoints on both sides of its peak: what can be learnt from them is which runs go wrong, not when."
            : $"{Numbers.Count(test.OnBothSides)} have checkpoints on both sides of their peak: they alone teach when a run goes wrong.");

    /// <summary>Whether the alarm beats what a user knows anyway, by what it had not seen.</summary>
    public static string Verdict(AlarmTest test)
    {
        if (test.LeftOut.Count == 0)
        {
            return "There is no loss, size, labeller, noise or world that can be left out so that checkpoints of both kinds remain to "
                + "learn from and to predict: the alarm is untested.";
        }

        string[] beats = [.. test.LeftOut.Where(left => left.Beats == Evaluation.Claims.Verdict.Supported).Select(left => left.Factor)];
        string[] loses = [.. test.LeftOut.Where(left => left.Beats == Evaluation.Claims.Verdict.Contradicted).Select(left => left.Factor)];
        string[] open = [.. test.LeftOut.Select(left => left.Factor).Except(beats).Except(loses)];
        string[] parts =
        [
            .. beats.Length == 0 ? [] : new[] { $"it beats them with a {Or(beats)} left out" },
            .. loses.Length == 0 ? [] : new[] { $"it is worse than one of them with a {Or(loses)} left out" },
            .. open.Length == 0 ? [] : new[] { $"it is not better beyond chance with a {Or(open)} left out" },
        ];
        return $"Against the fraction of the run, KL, and both together: {string.Join("; ", parts)}.";
    }

    /// <summary>One factor: areas and errors.</summary>
    public static string Reading(LeftOutTest left)
    {
        PredictorScore rival = left.Plain.MaxBy(score => score.Area.Value)!;
        return $"{left.Factor}: area {Area(left.Alarm)}, against {Area(rival)} of “{rival.Name}”; at its threshold the alarm is false at "
            + $"{Numbers.Percent(left.Alarm.FalseAlarms.Value)} of the checkpoints before the peak.";
    }

    private static string Area(PredictorScore score) =>
        $"{Numbers.Fixed(score.Area.Value, 2)} "
        + $"({Numbers.Fixed(score.Area.Interval.Low, 2)} to {Numbers.Fixed(score.Area.Interval.High, 2)})";

    private static string Or(string[] factors) =>
        factors.Length == 1 ? factors[0] : $"{string.Join(", ", factors[..^1])} or {factors[^1]}";
}
