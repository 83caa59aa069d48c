namespace Goodhart.Evaluation.Rewards;

/// <summary>Σ log(ε + (1 − 2ε)·σ(c·m)) over margins, and its maximum.</summary>
/// <param name="margins">Of about unit size.</param>
internal sealed class LapseLikelihood(double[] margins)
{
    // Newton's steps do the rest.
    private const int Halvings = 25;
    private const int Sections = 25;
    private const int Polishings = 30;

    public double At(double rate, double scale)
    {
        double sum = 0;
        foreach (double margin in margins)
        {
            sum += Math.Log(Probability(rate, Sigmoid(scale * margin)));
        }

        return sum;
    }

    /// <summary>For a given scale the likelihood is concave in ε, so its maximum is where the slope changes its sign.</summary>
    public (double Rate, double LogLikelihood) AtBestRate(double scale)
    {
        double[] shares = Array.ConvertAll(margins, margin => Sigmoid(scale * margin));
        (double low, double high) = (0, 0.5);
        if (Slope(shares, low) <= 0)
        {
            high = 0;
        }

        for (int halving = 0; halving < Halvings && high > low; halving++)
        {
            double middle = (low + high) / 2;
            (low, high) = Slope(shares, middle) > 0 ? (middle, high) : (low, middle);
        }

        double rate = (low + high) / 2;
        return (rate, shares.Sum(share => Math.Log(Probability(rate, share))));
    }

    /// <summary>By golden sections of log c, then by Newton's steps to the last digits.</summary>
    public (double Rate, double Scale) Maximum(double lowLogScale, double highLogScale)
    {
        double ratio = (Math.Sqrt(5) - 1) / 2;
        (double low, double high) = (lowLogScale, highLogScale);
        (double left, double right) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
        (double ofLeft, double ofRight) = (Best(left), Best(right));
        for (int section = 0; section < Sections; section++)
        {
            if (ofLeft >= ofRight)
            {
                (high, right, ofRight) = (right, left, ofLeft);
                left = high - (ratio * (high - low));
                ofLeft = Best(left);
            }
            else
            {
                (low, left, ofLeft) = (left, right, ofRight);
                right = low + (ratio * (high - low));
                ofRight = Best(right);
            }
        }

        double scale = Math.Exp((low + high) / 2);
        return Polished(AtBestRate(scale).Rate, scale);

        double Best(double logScale) => AtBestRate(Math.Exp(logScale)).LogLikelihood;
    }

    /// <summary>From the observed information of both parameters; null where the likelihood has no maximum of that kind.</summary>
    public double? StandardErrorOfRate(double rate, double scale)
    {
        Derivatives d = DerivativesAt(rate, scale);
        double determinant = (d.RateRate * d.ScaleScale) - (d.RateScale * d.RateScale);
        return d.ScaleScale < 0 && determinant > 0 ? Math.Sqrt(-d.ScaleScale / determinant) : null;
    }

    private (double Rate, double Scale) Polished(double rate, double scale)
    {
        for (int step = 0; step < Polishings; step++)
        {
            Derivatives d = DerivativesAt(rate, scale);
            double determinant = (d.RateRate * d.ScaleScale) - (d.RateScale * d.RateScale);
            bool isFree = rate > 0;
            (double byRate, double byScale) = isFree
                ? (((d.RateScale * d.Scale) - (d.ScaleScale * d.Rate)) / determinant,
                    ((d.RateScale * d.Rate) - (d.RateRate * d.Scale)) / determinant)
                : (0, -d.Scale / d.ScaleScale);
            (double nextRate, double nextScale) = (rate + byRate, scale + byScale);

            // Where the curvature is not that of a maximum (the scale grows for ever), what the sections found stands.
            bool isMaximum = d.ScaleScale < 0 && (!isFree || determinant > 0);
            if (!isMaximum || nextRate is < 0 or >= 0.5 || nextScale <= 0 || Math.Abs(byScale) > 0.1 * scale)
            {
                break;
            }

            bool isDone = Math.Abs(byRate) <= 1e-15 && Math.Abs(byScale) <= 1e-15 * scale;
            (rate, scale) = (nextRate, nextScale);
            if (isDone)
            {
                break;
            }
        }

        return (rate, scale);
    }

    private Derivatives DerivativesAt(double rate, double scale)
    {
        Derivatives sum = default;
        double signal = 1 - (2 * rate);
        foreach (double margin in margins)
        {
            double share = Sigmoid(scale * margin);
            double p = Probability(rate, share);
            double slope = share * (1 - share) * margin;
            double byRate = (1 - (2 * share)) / p;
            double byScale = signal * slope / p;
            sum = new Derivatives(
                sum.Rate + byRate, sum.Scale + byScale, sum.RateRate - (byRate * byRate),
                sum.RateScale - (2 * slope / p) - (byRate * byScale),
                sum.ScaleScale + (signal * slope * (1 - (2 * share)) * margin / p) - (byScale * byScale));
        }

        return sum;
    }

    private static double Slope(double[] shares, double rate)
    {
        double sum = 0;
        foreach (double share in shares)
        {
            sum += (1 - (2 * share)) / Probability(rate, share);
        }

        return sum;
    }

    private static double Probability(double rate, double share) => rate + ((1 - (2 * rate)) * share);

    private static double Sigmoid(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return (x >= 0 ? 1 : e) / (1 + e);
    }

    /// <summary>First and second derivatives by ε and c.</summary>
    private readonly record struct Derivatives(double Rate, double Scale, double RateRate, double RateScale, double ScaleScale);
}
