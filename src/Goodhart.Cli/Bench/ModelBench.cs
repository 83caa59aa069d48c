using System.Diagnostics;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;
using Goodhart.Worlds;

namespace Goodhart.Cli.Bench;

/// <summary>Throughput of a model of random weights at what a study does.</summary>
/// <param name="peak">GEMM peak, FLOP/s.</param>
/// <param name="time">For each kind of work; at least one round is measured after one that is not.</param>
/// <param name="profiled">Whether to time every operation too.</param>
internal sealed class ModelBench(IDevice device, double peak, TimeSpan time, bool profiled)
{
    public IEnumerable<BenchRow> Run(SizedModel shape, CancellationToken cancel)
    {
        OpProfile profile = new();
        IDevice timed = profiled ? new ProfiledDevice(device, profile) : device;
        using LanguageModel model = Config(shape).Create(timed, training: true);
        WeightInitializer.Initialize(model, seed: 0);
        foreach ((string kind, Func<RoundDone> round) in new ModelWork(model).All)
        {
            yield return Row(shape.Name, model, kind, round, profile, cancel);
        }
    }

    private static ModelConfig Config(SizedModel shape) =>
        new NewModel(shape.HiddenSize, shape.Layers, shape.Heads, shape.MaxPositions, Vocabulary: null, Seed: 0)
        {
            Architecture = shape.Architecture,
        }.Config(TldrWorld.Tokenizer);

    private BenchRow Row(string name, LanguageModel model, string kind, Func<RoundDone> round, OpProfile profile, CancellationToken cancel)
    {
        int steps = round().Steps;   // compiles the kernels and sizes the arenas
        profile.Clear();
        RoundDone total = default;
        Stopwatch watch = Stopwatch.StartNew();
        do
        {
            cancel.ThrowIfCancellationRequested();
            total += profile.Round(round);
        }
        while (watch.Elapsed < time);

        double seconds = watch.Elapsed.TotalSeconds;
        return new BenchRow(
            name, model.Parameters.Count, kind, total.Tokens / seconds, total.Items / seconds, total.Flops / seconds,
            total.Flops / seconds / peak, profiled ? profile.Rows(steps) : null);
    }
}
