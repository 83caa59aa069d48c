using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Fits.Comparison;

/// <summary>One law's errors on one group, three ways; null where a way does not exist.</summary>
internal sealed record LawResiduals(double[]? InSample, double[]? LeaveOneOut, double[]? LeaveOneBetaOut)
{
    public static LawResiduals? Of(CheckpointGroup group, InterceptKind kind, ScalingLaw law)
    {
        Intercept? intercept = kind switch
        {
            InterceptKind.Free => new FreeIntercept(),
            InterceptKind.None => new NoIntercept(),
            _ => group.Sft is { } sft ? new SftIntercept(sft.WinRate) : null,
        };
        double[] sqrtKl = [.. group.Checkpoints.Select(c => c.Point.SqrtKl)];
        double[] winRates = [.. group.Checkpoints.Select(c => c.WinRate)];
        if (intercept is null || LawFit.Fit(law, intercept, sqrtKl, winRates) is not { } fit)
        {
            return null;
        }

        double?[] betas = [.. group.Checkpoints.Select(c => c.Point.Beta)];
        return new(
            fit.Solution.Residuals,
            fit.Solution.LeaveOneOutErrors(),
            betas.Contains(null) ? null : HeldOutErrors.ByBlock(law, intercept, sqrtKl, winRates, [.. betas.Select(b => b!.Value)]));
    }
}
