using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Fits;

/// <summary>All laws fitted to all groups of points.</summary>
/// <param name="Skipped">Why a group or a law was left out, one line each: too few points, or all at one distance.</param>
public sealed record FitReport(IReadOnlyList<ScalingLawFit> Fits, IReadOnlyList<string> Skipped)
{
    /// <summary>Fits anybody's points; intervals by the wild residual bootstrap.</summary>
    /// <exception cref="InvalidDataException">A grouping column does not exist, or the sft intercept has no SFT model to stand
    /// on.</exception>
    public static FitReport OfCurve(CurveTable table, FitOptions options)
    {
        string? beta = table.Column("beta");
        return Of(CurveGroup.Split(table, options.GroupBy).Select(group => new FitGroup(
            group.Name,
            [.. group.Points.Select(point => point.SqrtKl)],
            [.. group.Points.Select(point => point.WinRate)],
            Resolve(options, group.SftWinRate, group.Name, table.File),
            beta is null ? null : [.. group.Points.Select(point => point.Keys[beta])],
            null,
            null)), options);
    }

    /// <summary>Fits a study's checkpoints, grouped by loss and model; intervals by the bootstrap over prompts, and seeds where there are
    /// several. Checkpoints that nothing has judged are left out.</summary>
    /// <param name="draws">Resampled prompts, where a study shares them between reports; null draws its own.</param>
    public static FitReport OfStudy(IReadOnlyList<EvaluatedCheckpoint> checkpoints, FitOptions options, PromptDraws? draws = null) =>
        Of(StudyGroups(CheckpointGroup.Split(EvaluatedCheckpoint.Judged(checkpoints)), options, draws), options);

    /// <summary>As <see cref="OfStudy"/> without the points beyond <see cref="KlBound"/>, for those groups that have such points; their
    /// names end in "/bounded".</summary>
    public static FitReport OfBoundedStudy(
        IReadOnlyList<EvaluatedCheckpoint> checkpoints, FitOptions options, PromptDraws? draws = null)
    {
        IEnumerable<CheckpointGroup> bounded =
            from whole in CheckpointGroup.Split(EvaluatedCheckpoint.Judged(checkpoints))
            let near = KlBound.Restrict(whole)
            where near != whole
            select near;
        return Of(StudyGroups([.. bounded], options, draws).Select(g => g with { Name = g.Name + "/bounded" }), options);
    }

    /// <summary>Fits a study's checkpoints against the root of a forward KL: the d of these fits. Intervals by the wild bootstrap over
    /// runs, because forward KL and win rate are measured on different prompts.</summary>
    public static FitReport OfForwardKl(IReadOnlyList<EvaluatedCheckpoint> checkpoints, ForwardKlAxis axis, FitOptions options)
    {
        List<FitGroup> groups = [];
        foreach (CheckpointGroup group in CheckpointGroup.Split(EvaluatedCheckpoint.Judged(checkpoints)))
        {
            CheckpointPoint[] points = [.. group.Checkpoints.Select(c => c.Point).Where(point => axis.Kl(point) is not null)];
            if (points.Length > 0)
            {
                object[] runs = [.. points.Select(point => (object)(point.Beta, point.Seed))];
                groups.Add(new(
                    $"{group.Name}/{axis.Name}",
                    [.. points.Select(point => axis.Root(point)!.Value)],
                    [.. points.Select(point => point.WinRate!.Value)],
                    Resolve(options, group.Sft?.WinRate, group.Name, "the study"),
                    [.. points.Select(point => (object?)point.Beta ?? string.Empty)],
                    null,
                    [.. runs.Select(run => Array.IndexOf(runs, run))]));
            }
        }

        return Of(groups, options);
    }

    /// <summary>Fits a study's gold rewards in place of win rates: what Gao et al. (2023) fit. Groups end in "/gold"; where the results say
    /// win rate, these have reward. Intervals by the wild bootstrap over runs; each n of best-of-n is a run.</summary>
    public static FitReport OfGold(IReadOnlyList<EvaluatedCheckpoint> checkpoints, FitOptions options)
    {
        List<FitGroup> groups = [];
        foreach (CheckpointGroup group in CheckpointGroup.Split([.. checkpoints.Where(c => c.Point.GoldReward is not null)]))
        {
            CheckpointPoint[] points = [.. group.Checkpoints.Select(c => c.Point)];
            object[] runs = [.. points.Select(point => (object)(point.Beta, point.Seed, point.BestOf))];
            groups.Add(new(
                $"{group.Name}/gold",
                [.. points.Select(point => point.SqrtKl)],
                [.. points.Select(point => point.GoldReward!.Value)],
                group.Sft is { } sft ? new SftIntercept(sft.Point.GoldReward!.Value) : new FreeIntercept(),
                [.. points.Select(point => (object?)point.Beta ?? string.Empty)],
                null,
                [.. runs.Select(run => Array.IndexOf(runs, run))]));
        }

        return Of(groups, options with { Laws = [.. options.Laws.Where(ScalingLaw.Unbounded.Contains)] });
    }

    private static IEnumerable<FitGroup> StudyGroups(IReadOnlyList<CheckpointGroup> groups, FitOptions options, PromptDraws? draws)
    {
        foreach (CheckpointGroup group in groups)
        {
            EvaluatedCheckpoint.RequireCommonPrompts(group.Checkpoints);
            draws ??= new(group.Checkpoints[0].Outcomes.Win.Length, options.Replicates, options.Seed);
            yield return new(
                group.Name,
                [.. group.Checkpoints.Select(c => c.Point.SqrtKl)],
                [.. group.Checkpoints.Select(c => c.WinRate)],
                Resolve(options, group.Sft?.WinRate, group.Name, "the study"),
                [.. group.Checkpoints.Select(c => (object?)c.Point.Beta ?? string.Empty)],
                new PromptBootstrap(group.Checkpoints, group.Sft, draws),
                null);
        }
    }

    private static FitReport Of(IEnumerable<FitGroup> groups, FitOptions options)
    {
        List<ScalingLawFit> fits = [];
        List<string> skipped = [];
        foreach (FitGroup group in groups)
        {
            foreach (ScalingLaw law in options.Laws)
            {
                if (group.Fit(law, options) is { } fit)
                {
                    fits.Add(fit);
                }
                else
                {
                    skipped.Add(group.Reason(law));
                }
            }
        }

        return new(fits, skipped);
    }

    private static Intercept Resolve(FitOptions options, double? sftWinRate, string group, string source) => options.Intercept switch
    {
        InterceptKind.Free => new FreeIntercept(),
        InterceptKind.None => new NoIntercept(),
        _ => new SftIntercept(sftWinRate ?? options.SftWinRate ?? throw new InvalidDataException(
            $"{source}, group {group}: the sft intercept needs the SFT model's win rate, and there is no row for it (kl 0, loss empty); "
            + "add the row, give --sft-win-rate, or choose --intercept free.")),
    };
}
