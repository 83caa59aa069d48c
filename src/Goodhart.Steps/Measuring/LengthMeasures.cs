using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Steps.Measuring;

/// <summary>Eq. (6) on a policy's own samples: how much of the implicit reward is length.</summary>
public static class LengthMeasures
{
    /// <param name="lengths">Tokens of each sample, EOS counted: as many as the log-ratio has terms.</param>
    /// <param name="logRatios">log π/π_ref of each sample, nats.</param>
    /// <returns>The point with null where the regression is not defined, as at the SFT model itself.</returns>
    public static CheckpointPoint AddTo(CheckpointPoint point, double[] lengths, double[] logRatios)
    {
        LeastSquaresFit? origin = LengthRegression.ThroughOrigin(lengths, logRatios);
        LeastSquaresFit? intercept = LengthRegression.WithIntercept(lengths, logRatios);
        return point with
        {
            LengthGamma = origin?.Coefficients[0],
            LengthR2Origin = origin?.RSquaredUncentred,
            LengthSlope = intercept?.Coefficients[1],
            LengthR2 = intercept?.RSquaredCentred,
        };
    }
}
