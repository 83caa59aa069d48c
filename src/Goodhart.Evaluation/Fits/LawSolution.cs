namespace Goodhart.Evaluation.Fits;

/// <summary>A law's coefficients and what is left of the points, whatever the scale it was fitted on: errors are in units of the
/// rate.</summary>
/// <param name="Coefficients">A free R₀ first, on the law's scale; then the law's. Shape [p].</param>
/// <param name="StandardErrors">Shape [p]; null where they are undefined.</param>
/// <param name="Fitted">Rates, shape [n].</param>
/// <param name="Residuals">Rate minus fitted rate, shape [n].</param>
/// <param name="Leverages">How much each point holds its own fit, in [0, 1], shape [n].</param>
public sealed record LawSolution(
    double[] Coefficients, double?[] StandardErrors, double[] Fitted, double[] Residuals, double[] Leverages)
{
    /// <summary>A leverage this near 1: the point alone fixes a coefficient.</summary>
    private const double Alone = 1e-10;

    public int Count => Residuals.Length;

    public int Parameters => Coefficients.Length;

    /// <summary>√(rss/n).</summary>
    public double Rmse => HeldOutErrors.Rmse(Residuals);

    /// <summary>Root mean square of the leave-one-out errors.</summary>
    public double? RmseLeaveOneOut => LeaveOneOutErrors() is { } errors ? HeldOutErrors.Rmse(errors) : null;

    /// <summary>Prediction error of each point by the fit without it, e/(1 − h), shape [n]: exact for least squares, to first order on
    /// another scale. Null where a point alone fixes a coefficient.</summary>
    public double[]? LeaveOneOutErrors() => Leverages.Any(h => 1 - h < Alone) ? null
        : [.. Residuals.Zip(Leverages, (error, leverage) => error / (1 - leverage))];
}
