namespace Goodhart.Evaluation.Statistics;

/// <summary>A logistic regression of n units by p coefficients.</summary>
public sealed record LogisticFit
{
    /// <summary>In logits, shape [p].</summary>
    public required double[] Coefficients { get; init; }

    /// <summary>Probabilities, shape [n].</summary>
    public required double[] Fitted { get; init; }

    /// <summary>How far each unit moves each coefficient, to first order: shape [n, p]; columns add up to zero.</summary>
    public required double[,] Influence { get; init; }

    /// <summary>The diagonal of W^½ X (XᵀWX)⁻¹ Xᵀ W^½, shape [n].</summary>
    public required double[] Leverages { get; init; }

    /// <summary>In nats.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>Robust (sandwich) standard error of coefficient i: right for shares that are no coin flips, with the factor n/(n −
    /// p).</summary>
    public double StandardError(int i)
    {
        int n = Influence.GetLength(0);
        double sum = 0;
        for (int unit = 0; unit < n; unit++)
        {
            sum += Influence[unit, i] * Influence[unit, i];
        }

        return Math.Sqrt(sum * n / Math.Max(1, n - Coefficients.Length));
    }
}
