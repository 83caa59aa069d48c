using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Tests;

/// <summary>Checkpoints whose truth is known: win rate and KL are functions of (loss, model, β, fraction), outcomes are coin flips per
/// prompt.</summary>
internal sealed record SimulatedStudy
{
    public string[] Losses { get; init; } = ["dpo"];

    public string[] Models { get; init; } = ["M"];

    public double[] Betas { get; init; } = [0.01, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6];

    public double[] Fractions { get; init; } = [0.2, 0.4, 0.6, 0.8, 1];

    public int[] Seeds { get; init; } = [0];

    public int Prompts { get; init; } = 256;

    public double SftWinRate { get; init; } = 0.38;

    /// <summary>d = √KL of a run's checkpoint.</summary>
    public Func<string, string, double, double, double> SqrtKl { get; init; } =
        (_, _, beta, fraction) => Math.Sqrt(0.3 + (0.7 * fraction)) * 0.7 / Math.Pow(beta, 0.35);

    /// <summary>True win rate by loss, model, d and fraction.</summary>
    public Func<string, string, double, double, double> WinRate { get; init; } = (_, _, d, _) => 0.38 + (d * (0.1 - (0.15 * Math.Log(d))));

    public Func<CheckpointPoint, CheckpointPoint> Decorate { get; init; } = point => point;

    /// <summary>Mean tokens of a response by loss, model and d; null leaves lengths out. The data set's responses have 15.</summary>
    public Func<string, string, double, double>? Length { get; init; }

    /// <summary>What a token more than the data set's response adds to the chance of a win.</summary>
    public double LengthEffect { get; init; }

    public ulong RandomSeed { get; init; } = 1;

    /// <summary>Prompts differ in difficulty and all checkpoints share them, so outcomes are positively correlated, as in a real
    /// study.</summary>
    public IReadOnlyList<EvaluatedCheckpoint> Build()
    {
        List<EvaluatedCheckpoint> all = [];
        foreach (string model in Models)
        {
            all.Add(Checkpoint(new() { Loss = string.Empty, Model = model, Kl = 0, WinRate = 0 }, 0, SftWinRate, all.Count));
            foreach (string loss in Losses)
            {
                foreach ((int seed, double beta, double fraction) in from s in Seeds from b in Betas from f in Fractions select (s, b, f))
                {
                    double d = SqrtKl(loss, model, beta, fraction);
                    CheckpointPoint point = new()
                    {
                        Loss = loss,
                        Beta = beta,
                        Model = model,
                        Seed = seed,
                        Fraction = fraction,
                        Kl = 0,
                        WinRate = 0,
                        NonEmbedding = 1000 * (1 + Array.IndexOf(Models, model)),
                    };
                    all.Add(Checkpoint(point, d, WinRate(loss, model, d, fraction), all.Count));
                }
            }
        }

        return all;
    }

    private EvaluatedCheckpoint Checkpoint(CheckpointPoint point, double d, double winRate, int index)
    {
        double[] win = new double[Prompts];
        double[] kl = new double[Prompts];
        double[] lengths = new double[Prompts];
        double[] data = new double[Prompts];
        double meanLength = Length?.Invoke(point.Loss, point.Model, d) ?? 0;
        for (int prompt = 0; prompt < Prompts; prompt++)
        {
            double ease = new RandomStream(RandomSeed, "ease", (uint)prompt).NextDouble() - 0.5;
            RandomStream random = new(RandomSeed, "outcome", (uint)prompt, (uint)index);
            double chance = random.NextDouble();
            kl[prompt] = d * d * Math.Exp((0.3 * random.NextNormal()) - 0.045);
            data[prompt] = 15 + Math.Round(3 * new RandomStream(RandomSeed, "data-length", (uint)prompt).NextNormal());
            lengths[prompt] = Math.Round(meanLength + (4 * random.NextNormal()));
            win[prompt] = chance < winRate + (0.4 * ease) + (LengthEffect * (lengths[prompt] - data[prompt])) ? 1 : 0;
        }

        PerPromptOutcomes outcomes = Length is null ? new(win, kl) : new(win, kl) { Length = lengths, DataLength = data };
        return new(Decorate(point with { Kl = kl.Average(), WinRate = win.Average() }), outcomes);
    }
}
