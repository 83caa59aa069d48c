namespace Goodhart.Evaluation.Fits;

/// <summary>Prediction of a whole run from the others: points of one β are left out together, because a run's checkpoints are
/// alike.</summary>
public static class HeldOutErrors
{
    /// <summary>Win rate minus prediction of each point by the fit without its block, shape [n]. Null where a fit without some block does
    /// not exist.</summary>
    /// <param name="blocks">Each point's β, or what else is left out together; shape [n].</param>
    public static double[]? ByBlock<TBlock>(
        ScalingLaw law, Intercept intercept, double[] sqrtKl, double[] winRates, IReadOnlyList<TBlock> blocks)
        where TBlock : notnull
    {
        double[] errors = new double[sqrtKl.Length];
        foreach (TBlock block in blocks.Distinct())
        {
            int[] kept = [.. Enumerable.Range(0, errors.Length).Where(i => !blocks[i].Equals(block))];
            LawFit? fit = LawFit.Fit(law, intercept, [.. kept.Select(i => sqrtKl[i])], [.. kept.Select(i => winRates[i])]);
            if (fit is null)
            {
                return null;
            }

            for (int i = 0; i < errors.Length; i++)
            {
                errors[i] = blocks[i].Equals(block) ? winRates[i] - fit.Value(sqrtKl[i]) : errors[i];
            }
        }

        return errors;
    }

    public static double Rmse(IReadOnlyCollection<double> errors) => Math.Sqrt(errors.Sum(e => e * e) / errors.Count);
}
