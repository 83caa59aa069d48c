using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Alarms;

/// <summary>The probability that a checkpoint is past its run's peak: a logistic model of standardised inputs, fitted to a
/// table.</summary>
/// <param name="Inputs">In order.</param>
/// <param name="Intercept">In logits, at inputs of the table's mean.</param>
/// <param name="Penalty">λ of <see cref="RidgeLogistic"/>, the one of <see cref="Penalties"/> that predicts left-out runs of the table
/// best.</param>
public sealed record AlarmModel(IReadOnlyList<AlarmInput> Inputs, double Intercept, double Penalty)
{
    private const int Folds = 5;

    private static readonly double[] Penalties = [0.3, 1, 3, 10, 30, 100];

    /// <param name="rows">Those that are decided; both kinds occur.</param>
    /// <param name="features">What the model may see of a row.</param>
    public static AlarmModel Fit(IReadOnlyList<AlarmRow> rows, IReadOnlyList<AlarmFeature> features)
    {
        // Runs, not checkpoints, are left out: the next checkpoint of the same run is no new case.
        int[] fold = FoldsOf(rows);
        return Fit(rows, features, Penalties.MinBy(candidate => LossOf(rows, features, fold, candidate)));
    }

    /// <param name="values">By input; null where not known: taken at the table's mean.</param>
    public double Probability(IReadOnlyList<double?> values) =>
        LogisticRegression.Sigmoid(Intercept + Inputs.Select((input, i) => input.Contribution(values[i])).Sum());

    private static AlarmModel Fit(IReadOnlyList<AlarmRow> rows, IReadOnlyList<AlarmFeature> features, double penalty)
    {
        AlarmInput[] inputs = [.. features.Select(feature => AlarmInput.Of(feature.Name, rows.Select(feature.Of)))];
        double[] design = [.. rows.SelectMany(row => inputs.Select((input, i) => input.Standardised(features[i].Of(row))))];
        double[] fit = RidgeLogistic.Fit(design, [.. rows.Select(row => row.Past == true ? 1.0 : 0)], penalty);
        return new AlarmModel([.. inputs.Select((input, i) => input with { Weight = fit[i + 1] })], fit[0], penalty);
    }

    /// <summary>Mean −log of the probability given to what was so, each fold predicted from the others.</summary>
    private static double LossOf(IReadOnlyList<AlarmRow> rows, IReadOnlyList<AlarmFeature> features, int[] fold, double penalty)
    {
        double sum = 0;
        for (int left = 0; left < Folds; left++)
        {
            AlarmRow[] known = [.. rows.Where((_, i) => fold[i] != left)];
            AlarmRow[] asked = [.. rows.Where((_, i) => fold[i] == left)];
            if (asked.Length == 0 || known.All(row => row.Past == true) || known.All(row => row.Past == false))
            {
                continue;
            }

            AlarmModel model = Fit(known, features, penalty);
            sum -= asked.Sum(row =>
            {
                double p = model.Probability([.. features.Select(feature => feature.Of(row))]);
                return Math.Log(Math.Max(1e-12, row.Past == true ? p : 1 - p));
            });
        }

        return sum;
    }

    private static int[] FoldsOf(IReadOnlyList<AlarmRow> rows)
    {
        Dictionary<object, int> runs = [];
        return [.. rows.Select(row => (runs.TryGetValue(row.Run, out int known) ? known : runs[row.Run] = runs.Count) % Folds)];
    }
}

/// <summary>Something that a model may see of a row.</summary>
public sealed record AlarmFeature(string Name, Func<AlarmRow, double?> Of)
{
    /// <summary>The indicators of <see cref="Indicators.All"/> with these names.</summary>
    public static IReadOnlyList<AlarmFeature> OfIndicators(IEnumerable<string> names) =>
    [
        .. names.Select(name =>
        {
            int place = Indicators.PlaceOf(name);
            return new AlarmFeature(name, row => row.Values[place]);
        }),
    ];
}

/// <summary>An input of the model with its place in the table it was fitted to.</summary>
/// <param name="Low">The least value of the table; what lies below is taken there.</param>
/// <param name="High">The largest.</param>
/// <param name="Weight">Logits per standard deviation.</param>
public sealed record AlarmInput(string Name, double Mean, double Deviation, double Low, double High, double Weight)
{
    /// <summary>Of the table's values; those not measured are left out.</summary>
    public static AlarmInput Of(string name, IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>()];
        if (known.Length < 2)
        {
            return new AlarmInput(name, known.FirstOrDefault(), 0, known.FirstOrDefault(), known.FirstOrDefault(), 0);
        }

        double mean = known.Average();
        double deviation = Math.Sqrt(known.Sum(value => (value - mean) * (value - mean)) / (known.Length - 1));
        return new AlarmInput(name, mean, deviation, known.Min(), known.Max(), 0);
    }

    // Below this a column is constant but for rounding, and says nothing.
    private bool Varies => Deviation > 1e-12 * (1 + Math.Abs(Mean));

    /// <summary>Standard deviations from the table's mean, within the table; 0 for what is not known.</summary>
    public double Standardised(double? value) =>
        value is { } number && Varies ? (Math.Clamp(number, Low, High) - Mean) / Deviation : 0;

    /// <summary>Logits that the value adds.</summary>
    public double Contribution(double? value) => Weight * Standardised(value);

    /// <summary>Whether the table has no such value: the model was not made for it.</summary>
    public bool IsOutside(double? value) => value < Low || value > High;
}
