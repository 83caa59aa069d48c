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
        for (int prompt = 0; prompt < Prompts; prompt++)
        {
            double ease = new RandomStream(RandomSeed, "ease", (uint)prompt).NextDouble() - 0.5;
            RandomStream random = new(RandomSeed, "outcome", (uint)prompt, (uint)index);
            win[prompt] = random.NextDouble() < winRate + (0.4 * ease) ? 1 : 0;
            kl[prompt] = d * d * Math.Exp((0.3 * random.NextNormal()) - 0.045);
        }

        return new(Decorate(point with { Kl = kl.Average(), WinRate = win.Average() }), new(win, kl));
    }
}
