using System.CommandLine;
using Goodhart.Alignment.Training;
using Goodhart.Cli.Planning;
using Goodhart.Steps.Planning;
using Goodhart.Steps.Runs;

namespace Goodhart.Cli.Stages;

/// <summary>A verb whose stage trains a model.</summary>
/// <inheritdoc cref="StageVerb{T}"/>
internal abstract class TrainingVerb<T>(string name, string description) : StageVerb<T>(name, description, needsFolder: false)
{
    private readonly MemoryOptions memory = new();
    private readonly PlanOptions plan = new(
        "Say how many updates it would be, about how long, and the memory at its peak; run and write nothing.");

    private protected override IEnumerable<Option> Common => [.. memory.All, .. plan.All, .. base.Common];

    protected sealed override Task<T> RunAsync(ParseResult parse, StageEnvironment environment, CancellationToken cancel) =>
        TrainAsync(parse, environment with { Memory = memory.Of(parse) }, cancel);

    protected abstract Task<T> TrainAsync(ParseResult parse, StageEnvironment environment, CancellationToken cancel);

    protected abstract StagePlan Plan(ParseResult parse, StageEnvironment environment, DeviceMemory device);

    /// <returns>Bad input where a run would not fit into memory.</returns>
    protected sealed override int? WithoutRunning(ParseResult parse, StageEnvironment environment)
    {
        if (!plan.IsAsked(parse))
        {
            // Not a validator of the command: with one that fails, mistakes in other options would not be told.
            return HasFolder(parse.CommandResult) ? null : throw new ArgumentException("Option '--out' is required.");
        }

        TrainingMemory training = memory.Of(parse);
        DeviceMemory there = plan.Memory(parse, training, Devices);
        StagePlan planned = Plan(parse, environment with { Memory = training }, there);
        if (IsJson(parse))
        {
            Out(parse).WriteLine(JsonLayout.Text(planned));
        }
        else
        {
            StagePlanText.Write(Out(parse), planned, plan.IsElsewhere(parse) ? null : environment.CreateDevice);
            AnnounceRows(Out(parse), planned.Data);
        }

        planned.Memory.Require();
        return ExitCode.Done;
    }
}
