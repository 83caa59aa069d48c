namespace Goodhart.Evaluation.Fits.Pooling;

/// <summary>How Eq. (5)'s α and β depend on model size: which columns a point of one size has.</summary>
public abstract record SizeSharing
{
    /// <summary>Its name in results.json.</summary>
    public abstract string Name { get; }

    /// <summary>All sizes have the same α and β.</summary>
    public static SizeSharing Shared { get; } = new Columns("shared", SizeTerm.Common, SizeTerm.Common);

    /// <summary>Every size has its own α and β.</summary>
    public static SizeSharing BySize { get; } = new Columns("by size", SizeTerm.Own, SizeTerm.Own);

    /// <summary>From the fewest coefficients to the most.</summary>
    public static IReadOnlyList<SizeSharing> All { get; } =
    [
        Shared,
        new Columns("alpha by size", SizeTerm.Own, SizeTerm.Common),
        new Columns("beta by size", SizeTerm.Common, SizeTerm.Own),
        new Columns("trend in log size", SizeTerm.Trend, SizeTerm.Trend),
        BySize,
    ];

    internal abstract string[] Names(IReadOnlyList<string> models);

    /// <param name="logSize">log10 of the parameters, about the mean of the sizes.</param>
    internal double[] Row(double d, int model, int models, double logSize)
    {
        double[] basis = new double[2];
        new GaoLaw().Basis(d, basis);
        return Row(basis[0], basis[1], model, models, logSize);
    }

    /// <param name="alpha">What α multiplies.</param>
    /// <param name="beta">What β multiplies.</param>
    internal abstract double[] Row(double alpha, double beta, int model, int models, double logSize);

    private sealed record Columns(string SharingName, SizeTerm Alpha, SizeTerm Beta) : SizeSharing
    {
        public override string Name => SharingName;

        internal override string[] Names(IReadOnlyList<string> models) => [.. Alpha.Names("alpha", models), .. Beta.Names("beta", models)];

        internal override double[] Row(double alpha, double beta, int model, int models, double logSize) =>
            [.. Alpha.Row(alpha, model, models, logSize), .. Beta.Row(beta, model, models, logSize)];
    }
}

/// <summary>One coefficient's columns.</summary>
internal abstract record SizeTerm
{
    public static SizeTerm Common { get; } = new CommonTerm();

    public static SizeTerm Own { get; } = new OwnTerm();

    public static SizeTerm Trend { get; } = new TrendTerm();

    public abstract string[] Names(string name, IReadOnlyList<string> models);

    public abstract double[] Row(double basis, int model, int models, double logSize);

    private sealed record CommonTerm : SizeTerm
    {
        public override string[] Names(string name, IReadOnlyList<string> models) => [name];

        public override double[] Row(double basis, int model, int models, double logSize) => [basis];
    }

    private sealed record OwnTerm : SizeTerm
    {
        public override string[] Names(string name, IReadOnlyList<string> models) => [.. models.Select(model => $"{name}/{model}")];

        public override double[] Row(double basis, int model, int models, double logSize)
        {
            double[] row = new double[models];
            row[model] = basis;
            return row;
        }
    }

    private sealed record TrendTerm : SizeTerm
    {
        public override string[] Names(string name, IReadOnlyList<string> models) => [name, $"{name}·log10(N)"];

        public override double[] Row(double basis, int model, int models, double logSize) => [basis, basis * logSize];
    }
}
