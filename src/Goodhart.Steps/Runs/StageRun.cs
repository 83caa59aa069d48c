using Goodhart.Engine;
using Goodhart.Pipeline;
using Goodhart.Steps.Publishing;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Runs;

/// <summary>A stage's folder and the runner in it.</summary>
public sealed class StageRun : IDisposable
{
    public StageRun(StageEnvironment environment, string stage)
    {
        using (IDevice probe = environment.CreateDevice(1))
        {
            Device = probe.Info;
        }

        environment.Memory.Require(Device);

        Directory = RunFolder.Claim(environment.Directory, stage);
        Metrics = new LiveMetrics(Directory);
        Runner = new Runner(new RunnerOptions
        {
            Directory = Directory,
            Threads = environment.Threads,
            NumericsVersion = Device.Numerics(environment.Threads, environment.RowBudget),
            Observer = environment.Observer,
            Note = environment.Note,
            Services = Services,
        });
        Services.Lease<IDevice>(context => environment.CreateDevice(context.Threads), leased => leased.Dispose())
            .Add<IMetricsSink>(Metrics)
            .Add(environment.Memory);
    }

    public string Directory { get; }

    public DeviceInfo Device { get; }

    public LiveMetrics Metrics { get; }

    /// <summary>What its steps get; more may be added before they run.</summary>
    public StepServices Services { get; } = new();

    public Runner Runner { get; }

    public void Dispose() => Metrics.Dispose();
}
